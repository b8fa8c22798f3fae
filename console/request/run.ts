import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { Refusal } from './refusal.js'

const named = z.object({ run: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER) })

/** The run that the path names. @throws Refusal */
export function runOf(request: FastifyRequest): number {
  const { success, data } = named.safeParse(request.params)
  if (!success) throw new Refusal('missing')
  return data.run
}
