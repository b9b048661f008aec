import type { Logger } from 'pino'
import type { AccessLog } from '../config/config.ts'
import type { RequestEntry } from './request-entry.ts'

/** Writes one line for each request that the setting asks for, at `info`. It has no path, query, header or content. */
export function logRequest(logger: Logger, setting: AccessLog, entry: RequestEntry): void {
  if (setting === 'none' || (setting === 'refused' && !entry.isRefused)) return
  if (!logger.isLevelEnabled('info')) return
  const { atMs: _atMs, project: _project, ...facts } = entry.toRecord()
  logger.info(facts, 'request')
}
