import type { Command } from './command-line.ts'
import type { ScanEnvironment } from './environment.ts'
import { type Find, Finds } from './finds/finds.ts'
import { ScanLog } from './finds/scan-log.ts'
import type { Report, ReportedFind } from './report/report.ts'
import { scanPaths } from './scan-paths.ts'
import { readKeyStates } from './server/key-states.ts'
import { ManagementApi } from './server/management-api.ts'

/** Scans, and asks the server about the keys of what was found. */
export async function runScan(command: Command, environment: ScanEnvironment): Promise<Report> {
  const finds = new Finds(command.except)
  const log = new ScanLog()
  await scanPaths({ ...command, ...environment }, finds, log)
  const list = finds.list()
  const { reported, failure } = await withStates(list, command.server, environment.token)
  const unlisted = { secret: finds.unlistedPlaces('secret'), public: finds.unlistedPlaces('public') }
  const hasType = (type: Find['type']): boolean =>
    unlisted[type] > 0 || list.some((find) => find.type === type)
  return {
    finds: reported,
    hasLeak: hasType('secret') || (command.includesPublic && hasType('public')),
    unlistedPlaces: unlisted.secret + unlisted.public,
    files: log.files,
    objects: log.objects,
    bytes: log.bytes,
    problems: log.problems(),
    notes: [
      ...log.notes,
      ...(failure === undefined ? [] : [`The server could not be asked about all keys: ${failure}.`]),
    ],
  }
}

async function withStates(
  finds: readonly Find[],
  server: URL | undefined,
  token: string | undefined,
): Promise<{ reported: ReportedFind[]; failure?: string | undefined }> {
  if (server === undefined || token === undefined || finds.length === 0) {
    return { reported: finds.map((find) => ({ ...find, liveness: undefined })) }
  }
  const states = await readKeyStates(
    new ManagementApi(server, token),
    new Set(finds.map(({ keyId }) => keyId)),
  )
  const nowMs = Date.now()
  return {
    reported: finds.map((find) => ({ ...find, liveness: states.of(find, nowMs) })),
    failure: states.failure,
  }
}
