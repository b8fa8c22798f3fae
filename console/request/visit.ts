import type { FastifyBaseLogger, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Master } from '../../core/master.js'
import type { App } from '../../operations/app.js'
import { languageOf, sayIn, type Language, type Say } from './language.js'
import type { User } from '../access/roles.js'
import type { Session } from '../access/sessions.js'

/** A request as pages see it. */
export interface Visit {
  /** In the name of who asks. */
  readonly app: App
  readonly user: User
  readonly session: Session
  readonly language: Language
  readonly say: Say
  /** Whether only a part of the page is asked for, by htmx. */
  readonly partial: boolean
  /** Path and query, to come back to. */
  readonly path: string
  readonly log: FastifyBaseLogger
}

const visits = new WeakMap<FastifyRequest, Visit>()

/** Of a request that the guard has let pass. */
export function visitOf(request: FastifyRequest): Visit {
  const visit = visits.get(request)
  if (visit === undefined) throw new Error(`${request.method} ${request.url} passed without a look`)
  return visit
}

export function letPass(request: FastifyRequest, app: App, user: User, session: Session): void {
  const language = languageOf(request)
  visits.set(request, {
    app: app.as(user.name),
    user,
    session,
    language,
    say: sayIn(language),
    partial: request.headers['hx-request'] === 'true',
    path: request.url,
    log: request.log,
  })
}

const named = z.object({ master: z.string() })

/** The master that the path names. @throws SyncError MASTER_UNKNOWN */
export function masterOf(request: FastifyRequest): Master {
  return visitOf(request).app.master(named.parse(request.params).master)
}

/** After something was done: the browser asks anew, so that a reload does not do it again. */
export function seeOther(reply: FastifyReply, path: string): FastifyReply {
  return reply.redirect(path, 303)
}
