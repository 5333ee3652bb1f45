/**
 * The shell text that stands between knot and a run's command. It lives as long as the command, so it records how the
 * command ended even while no leaf is there.
 *
 * Claiming is what makes a start happen at most once: link(2) lets exactly one of this script and a driver that gave
 * the start up ("void") have the name `claim`. Whoever comes second goes away. It claims before it starts anything.
 *
 * $1 folder of the run, $2 working directory, then the command.
 */
export const LAUNCH_SCRIPT = `#!/bin/sh
run=$1
dir=$2
shift 2
# Caught, not ignored: what is ignored stays so in the command, what is caught does not.
trap : HUP INT QUIT TERM USR1 USR2 ALRM
mask=$(umask)
umask 077
finish() {
  umask 077
  printf '%s\\n' "$1" > "$run/exit"
  # The space is over with its command: whatever the command left in its group goes too.
  kill -TERM 0
  exit 0
}
{
  read -r stat < "/proc/$$/stat" &&
  read -r boot < /proc/sys/kernel/random/boot_id &&
  printf '%s\\n%s\\n' "$boot" "$stat" > "$run/claim.$$" &&
  command -p ln "$run/claim.$$" "$run/claim"
} 2> /dev/null || exit 111
umask "$mask"
cd -- "$dir" || finish 126
"$@"
finish "$?"
`;
