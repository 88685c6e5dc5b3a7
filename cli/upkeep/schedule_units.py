"""What runs on schedule, and the public site, as systemd units or crontab lines. Pure: values in, texts out.

Sources: systemd.service(5), systemd.timer(5), systemd.exec(5), systemd.syntax(7); crontab(5).
"""

import hashlib
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cli.upkeep.unit_rights import SHUT_IN, TEMPORARY, confinement, one_line, quoted, specifiers, tolerant

_SEAL = "# jinkui schedule, sha256 "
BY_CLOCK = "JINKUI_BY_CLOCK=1"
"""What tells a command that the clock started it; see ``cli.wiring``."""


@dataclass(frozen=True, slots=True)
class Job:
    """One thing done on schedule: the command's words, when by systemd (``calendar``) and by cron (``cron``)."""

    name: str
    does: str
    words: tuple[str, ...]
    calendar: str
    cron: str


JOBS = (
    Job("audit", "reads the copies that are due", ("audit", "--due"), "*-*-* 01:30:00", "30 1 * * *"),
    Job("checkpoint", "writes a checkpoint of the journal", ("journal", "checkpoint"), "*-*-* 05:30:00", "30 5 * * *"),
    Job("opening", "opens and closes what is due", ("opening", "publish"), "*-*-* 00:05:00", "5 0 * * *"),
    Job(
        "catalogue-merge",
        "merges small packages of descriptions",
        ("catalogue", "merge"),
        "Sun *-*-* 04:30:00",
        "30 4 * * 0",
    ),
    Job(
        "index-verify",
        "proves that both search indexes hold what they should",
        ("index", "verify"),
        "Sat *-*-* 04:30:00",
        "30 4 * * 6",
    ),
    Job(
        "restore-drill",
        "restores packages with stock tools",
        ("restore-drill",),
        "Sun *-*-01..07 06:30:00",
        "30 6 1 * *",
    ),
)


@dataclass(frozen=True, slots=True)
class Installation:
    """Whose schedule it is.

    ``program`` is the argument list that starts Jinkui, by absolute paths; ``writable`` the folders it writes to;
    ``user`` the account that owns the home, empty for units of the user's own service manager. ``own_alarm`` and
    ``own_checkpoint`` say that a command of the operator's choice is run, by every job or with a checkpoint: one that
    sends mail, perhaps, which a service that is wholly shut in cannot. ``site_reads`` is what the public site reads of
    the home besides what is published.
    """

    program: tuple[str, ...]
    home: Path
    writable: tuple[Path, ...] = ()
    user: str = ""
    own_alarm: bool = False
    own_checkpoint: bool = False
    site_reads: tuple[Path, ...] = ()

    @property
    def mark(self) -> str:
        """What tells this home's units from another's on the same machine."""
        return mark_of(self.home)

    def command(self, job: Job) -> tuple[str, ...]:
        """Return the argument list of a job."""
        return (*self.program, "--home", str(self.home), *job.words)

    def chosen_by(self, job: Job) -> str:
        """Return the setting by which a job runs a command of the operator's choice, empty for none."""
        if self.own_alarm:
            return "[audit] alarm-command"
        return "[journal] checkpoint-command" if self.own_checkpoint and job.name == "checkpoint" else ""


def mark_of(home: Path) -> str:
    """Return what tells a home's units from another's on the same machine."""
    return hashlib.sha256(str(home).encode("utf-8", "surrogateescape")).hexdigest()[:8]


def names_of_schedule(home: Path) -> tuple[str, ...]:
    """Return by which files a schedule of a home is known: any of its timers, and its piece of the crontab."""
    return (*(f"jinkui-{mark_of(home)}-{job.name}.timer" for job in JOBS), f"jinkui-{mark_of(home)}")


def is_unit(found: Path) -> bool:
    """Say whether a schedule that was found by one of its files is one of systemd; else it is a piece of the crontab."""
    return found.suffix == ".timer"


def command_to_remove(found: Path, home: Path, *, of_system: Path, has_systemd: bool) -> str:
    """Return the command with which a person takes a schedule away that was found by one of its files, and all that lies with it.

    What lies in ``of_system`` is the machine's, any other timer that of a user's own service manager. Where systemd does not
    run there is nobody to be told, and nothing that could tell; the links by which units were enabled go with them.
    """
    if not is_unit(found):
        return runnable(["rm", str(found)])
    ours = f"jinkui-{mark_of(home)}-"
    remove = runnable(["find", str(found.parent), "-name", f"{ours}*", "-not", "-type", "d", "-delete"])
    if not has_systemd:
        return remove
    manager = "systemctl" if found.parent == of_system else "systemctl --user"
    disable = f"cd {runnable([str(found.parent)])} && {manager} disable --now {ours}*.timer {ours}*.service"
    return f"({disable} ; {remove} ; {manager} daemon-reload)"


def systemd_units(installation: Installation) -> dict[str, str]:
    """Return the text of every unit by its file name; raises ``UsageProblem`` for a path no unit can hold."""
    units: dict[str, str] = {}
    for job in JOBS:
        name = f"jinkui-{installation.mark}-{job.name}"
        description = f"Jinkui {job.name}: {job.does} ({specifiers(one_line(str(installation.home)))})"
        units[f"{name}.service"] = _sealed(_service(installation, job, description))
        units[f"{name}.timer"] = _sealed(_timer(job, description))
    if _can_be_hidden(installation):
        units[f"jinkui-{installation.mark}-site.service"] = _sealed(_site(installation))
    return units


def crontab(installation: Installation) -> str:
    """Return the lines of a crontab; with a user named, in the form of ``/etc/cron.d``."""
    lines = [f"# Jinkui: {one_line(str(installation.home))}"]
    for job in JOBS:
        words = shlex.join(["nice", "-n", "10", *map(one_line, installation.command(job))])
        who = [installation.user] if installation.user else []
        lines.append(" ".join([job.cron, *who, BY_CLOCK, words.replace("%", "\\%")]))
    return _sealed("\n".join(lines) + "\n")


def crontab_name(installation: Installation) -> str:
    """Return the file's name in ``/etc/cron.d``, which may hold no dot."""
    return f"jinkui-{installation.mark}"


def is_as_written(text: str) -> bool:
    """Return whether a unit or crontab is still what Jinkui wrote, of this version or another."""
    first, _, rest = text.partition("\n")
    return first == _SEAL + _digest(rest)


def _service(installation: Installation, job: Job, description: str) -> str:
    # ":" keeps "$" in paths from being taken for a variable
    command = ":" + " ".join(quoted(word) for word in installation.command(job))
    places = sorted({installation.home, *installation.writable})
    lines = [
        "[Unit]",
        f"Description={description}",
        "",
        "[Service]",
        "Type=oneshot",
        f"Environment={BY_CLOCK}",
        f"ExecStart={command}",
        "Nice=10",
        "IOSchedulingClass=idle",
        "UMask=0077",
        *confinement(installation.user, places, chosen=installation.chosen_by(job)),
    ]
    return "\n".join(lines) + "\n"


def _can_be_hidden(installation: Installation) -> bool:
    """Say whether a unit can put an empty folder over the home, which a user's own manager, or such a place, rules out."""
    home = installation.home
    nameable = not set(str(home)) & set(":\\")  # which part the words of TemporaryFileSystem
    return bool(installation.user) and nameable and not any(home.is_relative_to(place) for place in TEMPORARY)


def _site(installation: Installation) -> str:
    """Return the unit of the public site: it sees what was published, and of the home and the stores nothing else."""
    home, name = installation.home, f"jinkui-{installation.mark}-site"
    public = home / "public"
    words = (*installation.program, "--home", str(home), "serve", "--public", str(public))
    command = ":" + " ".join(quoted(word) for word in (*words, "--served", f"/var/lib/{name}/served"))
    stores = sorted(folder for folder in installation.writable if not folder.is_relative_to(home))
    seen = [quoted(str(public)), *map(tolerant, installation.site_reads)]
    lines = [
        "[Unit]",
        f"Description=Jinkui public site ({specifiers(one_line(str(home)))})",
        "After=network.target",
        "",
        "[Service]",
        "# an account of its own does as well, one that can read what BindReadOnlyPaths names",
        f"User={installation.user}",
        f"ExecStart={command}",
        "Restart=on-failure",
        "LimitNOFILE=65536",
        "TasksMax=256",
        "UMask=0077",
        f"StateDirectory={name}",
        "StateDirectoryMode=0700",
        f"TemporaryFileSystem={quoted(f'{home}:ro')}",
        f"BindReadOnlyPaths={' '.join(seen)}",
        *(f"InaccessiblePaths={tolerant(folder)}" for folder in stores),
        *SHUT_IN,
        "",
        "[Install]",
        "WantedBy=multi-user.target",
    ]
    return "\n".join(lines) + "\n"


def _timer(job: Job, description: str) -> str:
    lines = [
        "[Unit]",
        f"Description={description}",
        "",
        "[Timer]",
        f"OnCalendar={job.calendar}",
        "RandomizedDelaySec=15min",
        "Persistent=true",
        "",
        "[Install]",
        "WantedBy=timers.target",
    ]
    return "\n".join(lines) + "\n"


def _sealed(text: str) -> str:
    return f"{_SEAL}{_digest(text)}\n{text}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def runnable(words: Sequence[str]) -> str:
    """Return a command as a person types it into a shell."""
    return shlex.join(words)
