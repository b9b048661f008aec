import { startServerProcess } from './server-process.ts'

/** Starts a server that must not start, and returns its output. */
export async function failedStart(settings: Readonly<Record<string, string>>): Promise<string> {
  let output: string
  try {
    await using server = await startServerProcess(settings)
    output = server.output.stdout
  } catch (error) {
    return String(error)
  }
  throw new Error(`the server started:\n${output}`)
}
