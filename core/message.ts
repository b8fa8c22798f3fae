/** The languages in which people are told of things. */
export type Language = 'ja' | 'en'

/** A message to be read in a chat: a line that says it all, what is behind it, and the commands that answer it. */
export interface Message {
  readonly title: string
  readonly lines: readonly string[]
  readonly commands: readonly string[]
}
