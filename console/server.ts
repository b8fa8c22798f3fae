import cookie from '@fastify/cookie'
import formbody from '@fastify/formbody'
import helmet from '@fastify/helmet'
import multipart from '@fastify/multipart'
import fastify, {
  LogController,
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
} from 'fastify'
import type { Redact } from '../core/redact.js'
import type { App } from '../operations/app.js'
import { serveAssets } from './assets.js'
import type { Console } from './console.js'
import { answerError } from './error-page.js'
import { createGate } from './access/gate.js'
import { BODY_BYTES, limitBodies } from './request/body.js'
import { guard } from './request/guard.js'
import { LANGUAGE_COOKIE } from './request/language.js'
import { pathOf } from './markup/layout.js'
import { auditPages } from './pages/audit.js'
import { decisionPages } from './pages/decisions/index.js'
import { healthPages } from './pages/health/index.js'
import { importPages } from './pages/imports/index.js'
import { runPages } from './pages/runs/index.js'
import { rowPages } from './pages/targets/row.js'
import { targetPages } from './pages/targets/index.js'
import { Refusal } from './request/refusal.js'
import { ownPath } from './request/own-path.js'
import { Sessions } from './access/sessions.js'
import type { ConsoleSettings } from './settings.js'
import { signInPages } from './access/sign-in.js'
import { seeOther, visitOf } from './request/visit.js'

const REQUEST_MS = 120_000

export async function createConsole(
  app: App,
  settings: ConsoleSettings,
  redact: Redact,
  log: FastifyBaseLogger | undefined,
): Promise<FastifyInstance> {
  const server = fastify({
    ...(log === undefined ? {} : { loggerInstance: log }),
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_BYTES,
    requestTimeout: REQUEST_MS,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 500 },
    trustProxy: settings.proxies.length > 0 && [...settings.proxies],
    frameworkErrors: (error, request, reply) => void answerError(error, request, reply, redact),
  })
  const gate = createGate(settings.signIn, app.operator)
  const console: Console = {
    app,
    settings,
    sessions: new Sessions(settings.url?.protocol === 'https:'),
  }
  server.setErrorHandler((error: FastifyError, request, reply) => answerError(error, request, reply, redact))
  server.setNotFoundHandler(() => {
    throw new Refusal('missing')
  })
  await server.register(cookie)
  await server.register(formbody)
  await server.register(multipart, { limits: { files: 1, fields: 20, fieldSize: 10_000 } })
  await server.register(helmet, HEADERS)
  limitBodies(server)
  guard(server, app, settings, console.sessions, gate)
  serveAssets(server)
  general(server)
  signInPages(server, console.sessions, gate)
  auditPages(server)
  targetPages(server, console)
  rowPages(server)
  runPages(server, console)
  decisionPages(server)
  importPages(server, console)
  healthPages(server, console)
  return server
}

/** No script and no style but our own files; nobody frames us, and no address of ours is told elsewhere. */
const HEADERS = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      'default-src': ["'none'"],
      'script-src': ["'self'"],
      'style-src': ["'self'"],
      'img-src': ["'self'"],
      'connect-src': ["'self'"],
      'form-action': ["'self'"],
      'frame-ancestors': ["'none'"],
      'base-uri': ["'none'"],
    },
  },
  referrerPolicy: { policy: 'same-origin' },
  xFrameOptions: { action: 'deny' },
} as const

function general(server: FastifyInstance): void {
  server.get('/', (request, reply) => {
    const { app } = visitOf(request)
    const masters = app.masters()
    const chosen = masters.find((master) => master.default) ?? masters[0]
    return chosen === undefined ? reply.code(404).send() : seeOther(reply, pathOf(chosen, 'targets'))
  })
  server.get<{ Params: { language: string }; Querystring: { back?: string } }>(
    '/language/:language',
    { config: { open: true } },
    (request, reply) => {
      const { language } = request.params
      if (language !== 'ja' && language !== 'en') throw new Refusal('missing')
      void reply.setCookie(LANGUAGE_COOKIE, language, { path: '/', sameSite: 'lax', maxAge: 365 * 86_400 })
      return seeOther(reply, ownPath(request.query.back))
    },
  )
}
