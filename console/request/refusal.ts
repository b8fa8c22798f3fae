import type { Role } from '../access/roles.js'

/** Why a request is not answered: its role is too small, who asks has none, another site made it, under a name that is not ours, too often. */
type Reason = 'role' | 'stranger' | 'forged' | 'host' | 'often' | 'missing'

export class Refusal extends Error {
  readonly reason: Reason
  readonly needed: Role | undefined

  constructor(reason: Reason, needed?: Role) {
    super(`refused: ${reason}`)
    this.reason = reason
    this.needed = needed
  }
}
