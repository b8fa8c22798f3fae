import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { FastifyInstance } from 'fastify'

const own = (name: string): URL => new URL(`../console/assets/${name}`, import.meta.url)

const ASSETS = [
  { path: 'console.css', type: 'text/css; charset=utf-8', file: own('console.css') },
  { path: 'icon.svg', type: 'image/svg+xml', file: own('icon.svg') },
  {
    path: 'htmx.js',
    type: 'text/javascript; charset=utf-8',
    file: createRequire(import.meta.url).resolve('htmx.org/dist/htmx.min.js'),
  },
] as const

/** Styles and the one script, from memory: no path leads to any other file. */
export function serveAssets(server: FastifyInstance): void {
  for (const { path, type, file } of ASSETS) {
    const content = readFileSync(file)
    server.get(`/assets/${path}`, { config: { open: true } }, (_request, reply) =>
      reply.type(type).header('cache-control', 'max-age=3600').send(content),
    )
  }
}
