/** Who may what, each all that those before it may: look; change the list and start runs; decide. */
export const ROLES = ['viewer', 'editor', 'approver'] as const
export type Role = (typeof ROLES)[number]

export interface User {
  readonly name: string
  readonly role: Role
}

/** A user as of signing in. */
export interface SignedIn extends User {
  /** What they proved it by: once it is another, they have to sign in anew. */
  readonly proof: string
}

export function mayAs(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed)
}
