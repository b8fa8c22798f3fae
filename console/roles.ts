/** Who may what, each all that those before it may: look; change the list and start runs; decide. */
export const ROLES = ['viewer', 'editor', 'approver'] as const
export type Role = (typeof ROLES)[number]

export interface User {
  readonly name: string
  readonly role: Role
}

export function mayAs(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed)
}
