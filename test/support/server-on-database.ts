import { openTestDatabase } from '../services/postgres.ts'
import { startServerProcess, temporaryFolder, type ServerProcess } from './server-process.ts'

/** Starts a server with a new data folder and a new database of the given kind; all end with the stack. */
export async function startServerOn(
  kind: 'sqlite' | 'postgres',
  stack: AsyncDisposableStack,
  more: Readonly<Record<string, string>> = {},
): Promise<ServerProcess> {
  const folder = stack.use(await temporaryFolder())
  const database =
    kind === 'postgres' ? { SALLYPORT_DATABASE_URL: stack.use(await openTestDatabase()).url } : {}
  return stack.use(await startServerProcess({ SALLYPORT_DATA: folder.path, ...database, ...more }))
}

/** Starts every server that a database can have in a test: one on SQLite, two on PostgreSQL. They end with the stack. */
export async function startServersOn(
  kind: 'sqlite' | 'postgres',
  stack: AsyncDisposableStack,
): Promise<readonly [ServerProcess, ...ServerProcess[]]> {
  if (kind === 'sqlite') return [await startServerOn(kind, stack)]
  const settings = {
    SALLYPORT_DATA: stack.use(await temporaryFolder()).path,
    SALLYPORT_DATABASE_URL: stack.use(await openTestDatabase()).url,
  }
  const first = stack.use(await startServerProcess(settings))
  return [first, stack.use(await startServerProcess(settings))]
}
