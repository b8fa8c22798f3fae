import type { Dispatcher } from 'undici'
import { refused } from './fetch-errors.js'

/**
 * Ways to servers: straight, or through the proxy that HTTPS_PROXY, HTTP_PROXY and NO_PROXY name, which the fetch of
 * Node.js 20 passes over.
 * @throws SyncError IMPORT_REFUSED
 */
export async function connections(): Promise<Dispatcher> {
  // Takes longer to load than most commands take: only for who fetches.
  const { EnvHttpProxyAgent } = await import('undici')
  const { env } = process
  const httpProxy = address(env['http_proxy'] ?? env['HTTP_PROXY'])
  const httpsProxy = address(env['https_proxy'] ?? env['HTTPS_PROXY'])
  try {
    // Proxies seldom let through what is not encrypted otherwise than by reading it.
    return new EnvHttpProxyAgent({ httpProxy, httpsProxy, proxyTunnel: false })
  } catch {
    // Not its words: they may hold the password of the proxy.
    throw refused(
      'HTTPS_PROXY or HTTP_PROXY is not the address of a proxy, such as http://proxy.example:8080',
    )
  }
}

/** Many write it as `proxy.example:8080`. */
function address(proxy = ''): string {
  return proxy === '' || proxy.includes('://') ? proxy : `http://${proxy}`
}
