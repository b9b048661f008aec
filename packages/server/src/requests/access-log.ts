import type { Logger } from 'pino'
import type { AccessLog } from '../config/config.ts'
import type { RequestEntry } from './request-entry.ts'

/**
 * Makes the function that writes one line for each request that the setting asks for, at `info`. A line has no path, query,
 * header or content.
 */
export function accessLog(logger: Logger, setting: AccessLog): (entry: RequestEntry) => void {
  if (setting === 'none' || !logger.isLevelEnabled('info')) return ignore
  // Redacting members by name takes 20 times as long as the line, and its members are known. Tokens are still redacted.
  const lines = logger.child({}, { redact: [] })
  return (entry) => {
    if (setting === 'refused' && !entry.isRefused) return
    const { atMs: _atMs, project: _project, ...facts } = entry.toRecord()
    lines.info(facts, 'request')
  }
}

function ignore(): void {
  // Nothing is logged.
}
