import { getPriority, setPriority } from 'node:os'
import type { SystemShell } from './system-shell.ts'

// From 0, which is the gateway's most often, to 19, the least. The gateway goes first: everybody
// waits for it, and it needs little.
const HAS_ITS_TURN = 10
const MAKES_WAY = 19

/** Who goes first, as far as the processor is concerned. Of a process that has ended nothing is. */
export interface Priorities {
  /** It begins, of which mostly nobody waits for the end. */
  begin(pid: number): void
  /** It goes before those that make way; in vain, where only root may raise priorities. */
  takeTurn(pid: number): void
  /** Others go first from now on. */
  makeWay(pid: number): void
  /** `takeTurn` for one that made way. */
  takeTurnAgain(pid: number): void
}

/**
 * One that makes way is idle besides: who wakes up has the processor at once, where one of the lowest
 * priority would be left to the end of its slice, at each of an event's steps. Five messages to
 * another process and back, beside four busy loops: p99 7.1 and 8.6 ms by priority only, 5.0 and 6.2
 * so, 3.0 alone (two cores, Linux 6.18). Who makes way pays for it at full load only, where 3.3 s of
 * computing took 11.0 and 11.6 s in place of 9.3 and 9.8.
 */
export function systemPriorities(shell: Pick<SystemShell, 'schedule'>): Priorities {
  const isReversible = mayRaise()
  const beginsWith = isReversible ? MAKES_WAY : HAS_ITS_TURN
  // A process that could not be started has the id 0 here, which to the system is the gateway's own.
  const change = (pid: number, priority: number) => {
    if (pid > 0) set(pid, priority)
  }
  const changeFor = (pid: number, priority: number, policy: 'idle' | 'other') => {
    change(pid, priority)
    if (pid > 0 && isReversible) shell.schedule(pid, policy)
  }
  return {
    begin: (pid) => change(pid, beginsWith),
    takeTurn: (pid) => change(pid, HAS_ITS_TURN),
    makeWay: (pid) => changeFor(pid, MAKES_WAY, 'idle'),
    takeTurnAgain: (pid) => changeFor(pid, HAS_ITS_TURN, 'other'),
  }
}

/** Tried with this process itself, which stays behind by one where it is not allowed. */
function mayRaise(): boolean {
  const own = getPriority()
  return set(0, own + 1) && set(0, own)
}

function set(pid: number, priority: number): boolean {
  try {
    setPriority(pid, priority)
    return true
  } catch {
    return false
  }
}
