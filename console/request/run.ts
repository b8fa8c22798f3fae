import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { readAs } from './read-as.js'

const named = z.object({ run: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER) })

/** The run that the path names. @throws Refusal */
export function runOf(request: FastifyRequest): number {
  return readAs(named, request.params).run
}
