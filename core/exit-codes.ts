/** What a process exits with. 0 done · 1 unexpected · 2 usage · 130 interrupted. */
export const EXIT = {
  done: 0,
  unexpected: 1,
  usage: 2,
  invalid: 3,
  look: 4,
  unreachable: 5,
  failed: 6,
  interrupted: 130,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]
