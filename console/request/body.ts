import { createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import type { MultipartFile } from '@fastify/multipart'
import { errorCodes, type FastifyInstance, type FastifyRequest } from 'fastify'

/** A pasted column of many thousands of ids; files come in parts, with limits of their own. */
export const BODY_BYTES = 1024 * 1024

/** Is answered with 413. */
export const TooLarge = errorCodes.FST_ERR_CTP_BODY_TOO_LARGE

/** Of a body that is too large nothing is read, and of one that is refused no more than was. */
export function limitBodies(server: FastifyInstance): void {
  server.addHook('onRequest', (request, _reply, done) => {
    if (request.routeOptions.config.upload !== true) checkLength(request, BODY_BYTES)
    done()
  })
  server.addHook('onSend', ({ raw: { complete, headers } }, reply, _payload, done) => {
    const long = headers['transfer-encoding'] !== undefined || lengthIn(headers) > BODY_BYTES
    // Node would read it to its end, only to keep the connection.
    if (long && !complete) void reply.header('connection', 'close')
    done()
  })
}

/** @throws TooLarge where the body is said to be larger */
export function checkLength({ headers }: FastifyRequest, most: number): void {
  if (lengthIn(headers) > most) throw new TooLarge()
}

function lengthIn(headers: FastifyRequest['headers']): number {
  return Number(headers['content-length'] ?? 0)
}

/** Writes a file that was sent. @throws TooLarge as soon as it is larger than its part may be */
export async function storeFile({ file }: MultipartFile, path: string): Promise<void> {
  // The parser only leaves out what is too much, and would read it to its end.
  file.once('limit', () => void file.destroy(new TooLarge()))
  await pipeline(file, createWriteStream(path, { mode: 0o600 }))
}
