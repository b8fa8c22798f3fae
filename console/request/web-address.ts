/** What a text says as an address; undefined where it is none. */
export function urlFrom(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined
}

/** Whether only this machine reaches an address. */
export function isLoopback(host: string): boolean {
  return ['127.0.0.1', '::1', '[::1]', 'localhost'].includes(host)
}
