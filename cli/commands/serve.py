"""The command that opens the public site."""

from archives.message import message
from cli.frame import Call
from cli.home import open_home
from cli.output import Result


def serve(call: Call, *, port: int | None) -> Result:
    """Serve the portal until it is stopped; only what was published can be reached."""
    import uvicorn

    from search.portal.app import create_app

    home = open_home(call.home, call.output)
    home.follow()
    chosen = home.settings.portal
    number = chosen.port if port is None else port
    site = message(chosen.site_name, chosen.site_name_en)
    app = create_app(home.public.views, home.public.index, home.public.images, site_name=site, default_language="zh")
    address = f"http://{chosen.host}:{number}/"
    call.output.say(
        message("公众网站：{address}（Ctrl-C 结束）", "the public site: {address} (Ctrl-C ends it)", address=address)
    )
    uvicorn.run(app, host=chosen.host, port=number, log_level="warning", access_log=False)
    return Result({"address": address})
