import { execFile } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'

/** Some programs, apt-get among them, say a great deal before they fail. */
const OUTPUT_BYTES_MAX = 16 * 1024 * 1024

/** Enough of a failed program's output to see what went wrong. */
const REPORTED_CHARACTERS_MAX = 4000

export interface RunOptions {
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
  readonly uid?: number
  readonly gid?: number
}

/** Whether `path` is a program that this user may start. */
export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** The first program called `name` in the folders of `PATH`, or nothing. */
export function programOnPath(name: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  return folders.map((folder) => join(folder, name)).find(isExecutable)
}

/**
 * Runs a program to its end and gives its standard output.
 *
 * @throws an error that holds the command and the end of what it said, when it fails
 */
export async function run(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(command, args, { ...options, maxBuffer: OUTPUT_BYTES_MAX })
    return stdout
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string }
    const said = `${stdout}${stderr}`.trim().slice(-REPORTED_CHARACTERS_MAX)
    throw new Error(`"${command} ${args.join(' ')}" failed. ${said}`, { cause: error })
  }
}

/** Whether this process may install packages and must start servers as somebody else. */
export function isRoot(): boolean {
  return process.getuid?.() === 0
}
