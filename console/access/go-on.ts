import type { FastifyReply, FastifyRequest } from 'fastify'
import { html } from '../markup/html.js'
import { send } from '../markup/layout.js'
import { ownPath } from '../request/own-path.js'
import { visitOf } from '../request/visit.js'

/** A page that opens another by itself: a browser that comes from another site brings its session only from there. */
export function sendOn(reply: FastifyReply, request: FastifyRequest, to: string): FastifyReply {
  const { say, language } = visitOf(request)
  const path = ownPath(to)
  return send(
    reply,
    html`<!doctype html>
      <html lang="${language}">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta http-equiv="refresh" content="0;url=${path}" />
          <title>master-sync</title>
          <link rel="stylesheet" href="/assets/console.css" />
        </head>
        <body>
          <main id="main">
            <h1>master-sync</h1>
            <p><a href="${path}">${say('続ける', 'Go on')}</a></p>
          </main>
        </body>
      </html>`,
  )
}
