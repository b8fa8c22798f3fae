import type { FastifyRequest } from 'fastify'

export type Language = 'ja' | 'en'

/** The same said in both languages, of which a page shows one. */
export type Say = <T>(ja: T, en: T) => T

export const LANGUAGE_COOKIE = 'language'

/** As was chosen, else what the browser asks for first of both, else Japanese. */
export function languageOf(request: FastifyRequest): Language {
  const chosen = request.cookies[LANGUAGE_COOKIE]
  if (chosen === 'ja' || chosen === 'en') return chosen
  const wanted = (request.headers['accept-language'] ?? '').split(',').map((part) => part.trim().slice(0, 2))
  return wanted.find((language) => language === 'ja' || language === 'en') ?? 'ja'
}

export function sayIn(language: Language): Say {
  return (ja, en) => (language === 'ja' ? ja : en)
}
