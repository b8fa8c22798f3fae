import { DefaultLogger, makeTelemetryFilterString, Runtime, type LogEntry } from '@temporalio/worker'
import { pino } from 'pino'
import { redactValue, type Redact } from '../core/redact.js'

/**
 * JSON logs on stderr, the worker's and its native core's alike; once a process, before any connection.
 * @returns writes a line of our own
 */
export function installRuntime(
  redact: Redact,
  level: 'debug' | 'info' | 'warn' | 'error' = 'info',
): (message: string) => void {
  const log = pino({ base: { service: 'master-sync' }, level }, pino.destination(2))
  const write = ({ level: severity, message, meta }: LogEntry): void => {
    const fields = redactValue({ ...meta }, redact)
    const text = redact(message)
    if (severity === 'ERROR') log.error(fields, text)
    else if (severity === 'WARN') log.warn(fields, text)
    else if (severity === 'INFO') log.info(fields, text)
    else log.debug(fields, text)
  }
  Runtime.install({
    logger: new DefaultLogger(level === 'debug' ? 'DEBUG' : 'INFO', write),
    telemetryOptions: {
      logging: { forward: {}, filter: makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' }) },
    },
    shutdownSignals: ['SIGINT', 'SIGTERM'],
  })
  return (message) => log.info(redact(message))
}
