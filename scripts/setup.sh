# Sets up what Jinkui needs: system packages (where we may), a virtual environment in .venv, the application.
# Sourced by the other scripts, with YES=1 when nobody is to be asked; set_up [GROUP...] also installs dependency groups.


missing_packages() {
  python3 -c 'import ensurepip, venv' 2> /dev/null || echo python3-venv
  command -v tesseract > /dev/null || echo tesseract-ocr
}

wanted_packages() {  # what is asked for only where it can be installed: the PDF of a register of destruction needs it
  ls /usr/share/fonts/*/noto*/NotoSerifCJK-Regular.ttc > /dev/null 2>&1 || echo fonts-noto-cjk
}

may_install() {
  command -v apt-get > /dev/null && { [ "$(id -u)" = 0 ] || { command -v sudo > /dev/null && sudo -n true 2> /dev/null; }; }
}

install_packages() {  # every package named
  local run=()
  if [ "$(id -u)" != 0 ]; then
    if command -v sudo > /dev/null && sudo -n true 2> /dev/null; then run=(sudo -n); else run=(false); fi
  fi
  if ! command -v apt-get > /dev/null || [ "${run[0]:-}" = false ]; then
    echo "These system packages are needed, and this script may not install them:" >&2
    echo "  $*" >&2
    echo "Ask an administrator to run:  apt-get install -y $*" >&2
    echo "需要安装以上系统软件包，请管理员执行上面的命令后重试。" >&2
    exit 7
  fi
  if [ -z "${YES:-}" ] && [ -t 0 ] && [ -t 1 ]; then
    read -r -p "Install the system packages $*? 安装这些系统软件包？[Y/n] " answer
    case "$answer" in [nN]*) echo "Needed: $*" >&2; exit 7 ;; esac
  fi
  [ "${SPEAK:-en}" = zh ] && echo "正在安装系统软件包：$*" || echo "Installing system packages: $*"
  "${run[@]}" apt-get update -qq
  DEBIAN_FRONTEND=noninteractive "${run[@]}" apt-get -o DPkg::Lock::Timeout=300 install -y -qq --no-install-recommends "$@" > /dev/null
}

set_up() {
  local needed
  mapfile -t needed < <(missing_packages)
  if may_install; then mapfile -t -O "${#needed[@]}" needed < <(wanted_packages); fi
  [ ${#needed[@]} -eq 0 ] || install_packages "${needed[@]}"
  [ -x .venv/bin/python ] || python3 -m venv .venv
  local stand have one missing=''
  stand=$(sha256sum < pyproject.toml | cut -c1-16)
  have=$(cat .venv/.set-up 2> /dev/null || true)
  [ "${have%% *}" = "$stand" ] || have=$stand missing=yes
  for one in "$@"; do
    case " $have " in *" $one "*) ;; *) have="$have $one" missing=yes ;; esac
  done
  if [ -n "$missing" ]; then
    [ "${SPEAK:-en}" = zh ] && echo "正在把程序装入 .venv ……" || echo "Installing the application into .venv ..."
    .venv/bin/python -m pip install -q --upgrade "pip>=25.1"
    local groups=()
    for one in ${have#"$stand"}; do groups+=(--group "$one"); done
    .venv/bin/python -m pip install -q -e . "${groups[@]}"
    echo "$have" > .venv/.set-up
  fi
  # Otherwise an account that may not write here, or is told not to, compiles the application at every start of a command.
  .venv/bin/python -m compileall -q archives cli formats ingest preservation search
}
