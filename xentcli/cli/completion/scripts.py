"""What the shells run when TAB is pressed: they hand over the line up to the cursor, and take what may stand there.

Nothing that comes back is ever evaluated: names of columns and classes are data, whoever wrote the file.
"""

from __future__ import annotations

# bash breaks words at = and : (COMP_WORDBREAKS), and wants back what goes in place of $2, quoted as it is typed.
BASH = r"""# Completion of xent in bash 4.4 or later.
_xent_completion() {
    local line lines=()
    COMPREPLY=()
    while IFS= read -r line; do
        lines+=("$line")
    done < <(_XENT_COMPLETE=bash_complete "${1/#\~\//$HOME/}" "${COMP_LINE:0:COMP_POINT}" "$2" 2>/dev/null </dev/null)
    case "${lines[0]-}" in
        files) compopt -o default ;;
        more) compopt -o nospace ;;
    esac
    [[ ${#lines[@]} -lt 2 ]] || COMPREPLY=("${lines[@]:1}")
}
complete -o nosort -F _xent_completion xent
"""

# zsh wants back whole names and quotes them itself. What comes before them is set aside, so that lists stay readable.
ZSH = r"""#compdef xent
# Completion of xent in zsh.
_xent() {
  local -a lines space
  lines=("${(@f)$(_XENT_COMPLETE=zsh_complete "${${(Q)words[1]}/#\~\//$HOME/}" \
    "${(j: :)words[1,CURRENT-1]} $QIPREFIX$PREFIX" 2>/dev/null </dev/null)}")
  case "$lines[2]" in
    option) compset -P 1 '*=' ;;
    letter) compset -P '-?' ;;
    file) compset -P 1 '*@' ;;
    list) compset -P '*,' ;;
    path) compset -P '*/' ;;
  esac
  if [[ "$lines[1]" == files ]]; then
    _files
    return
  fi
  [[ "$lines[1]" == more ]] && space=(-S '')
  lines=("${(@)lines[3,-1]}")
  (( $#lines )) || return 1
  _describe -V -t values value lines "$space[@]"
}
if [[ "$zsh_eval_context[-1]" == loadautofunc ]]; then
  _xent "$@"
else
  compdef _xent xent
fi
"""

# fish wants back whole words, each with its description after a tab, and quotes them itself.
FISH = r"""# Completion of xent in fish.
function __xent_complete
    set -l words (commandline -opc)
    set -l xent (string replace -r '^~/' "$HOME/" -- $words[1])
    set -l line (commandline -cp | string collect)
    _XENT_COMPLETE=fish_complete $xent "$line" 2>/dev/null </dev/null
end
complete --command xent --no-files --keep-order --arguments '(__xent_complete)'
"""

SCRIPTS = {"bash": BASH, "zsh": ZSH, "fish": FISH}
