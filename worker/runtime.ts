import { DefaultLogger, makeTelemetryFilterString, Runtime, type LogEntry } from '@temporalio/worker'
import { pino } from 'pino'

/** JSON logs on stderr, the worker's and its native core's alike; once a process, before any connection. */
export function installRuntime(level: 'debug' | 'info' | 'warn' | 'error' = 'info'): void {
  const log = pino({ base: { service: 'master-sync' }, level }, pino.destination(2))
  const write = ({ level: severity, message, meta }: LogEntry): void => {
    const fields = { ...meta }
    if (severity === 'ERROR') log.error(fields, message)
    else if (severity === 'WARN') log.warn(fields, message)
    else if (severity === 'INFO') log.info(fields, message)
    else log.debug(fields, message)
  }
  Runtime.install({
    logger: new DefaultLogger(level === 'debug' ? 'DEBUG' : 'INFO', write),
    telemetryOptions: {
      logging: { forward: {}, filter: makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' }) },
    },
    shutdownSignals: ['SIGINT', 'SIGTERM'],
  })
}
