import { OpenId } from './openid.js'
import type { User } from './roles.js'
import type { Session } from './sessions.js'
import type { SignInSettings } from '../settings.js'
import { Users } from './users.js'

/** How people show who they are: not at all, where only this machine reaches the console. */
export type Gate =
  | { readonly by: 'nothing'; readonly user: User }
  | { readonly by: 'users'; readonly users: Users }
  | { readonly by: 'openid'; readonly provider: OpenId }

/** @param operator whose machine it is */
export function createGate(signIn: SignInSettings | undefined, operator: string): Gate {
  if (signIn === undefined) return { by: 'nothing', user: { name: operator, role: 'approver' } }
  return signIn.by === 'users'
    ? { by: 'users', users: new Users(signIn.file) }
    : { by: 'openid', provider: new OpenId(signIn.openid) }
}

/** Who somebody is now: with the file of users roles, and who is a user at all, may be others since they signed in. */
export function userOf(gate: Gate, { user }: Session): User | undefined {
  if (gate.by === 'nothing') return gate.user
  if (gate.by === 'openid' || user === undefined) return user
  const stored = gate.users.get(user.name)
  return stored?.password === user.proof ? { name: stored.name, role: stored.role } : undefined
}
