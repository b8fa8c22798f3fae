/**
 * What the clients of AWS have in common. Region, endpoint, profile and credentials are the SDK's own affair, by its
 * own variables and files; what is set here are bounds, so that nothing waits for ever:
 * 5 s for a connection, 60 s until an answer begins, 30 s of silence while it comes. Where the network or a busy
 * server fails, four more attempts, up to 15 s of waiting in all (AWS_MAX_ATTEMPTS says otherwise).
 */
export function bounds() {
  // Which version of Node.js the next version of the package needs concerns whoever takes it, not whoever runs this one.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true'
  return {
    requestHandler: {
      connectionTimeout: 5_000,
      requestTimeout: 60_000,
      throwOnRequestTimeout: true,
      socketTimeout: 30_000,
    },
    ...(process.env['AWS_MAX_ATTEMPTS'] === undefined && { maxAttempts: 5 }),
  }
}

/** A client of the SDK, as far as its region and its end go. */
interface Client {
  readonly config: { readonly region: () => Promise<string> }
  destroy(): void
}

/** The region that a client asks in; null where none is set. */
export async function regionOf(client: Client): Promise<string | null> {
  // The SDK says that none is set by an error without a name of its own.
  return await client.config.region().catch(() => null)
}
