import { execFile } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'

/** Some programs, such as apt-get, print a lot before they fail. */
const OUTPUT_BYTES_MAX = 16 * 1024 * 1024

/** The end of a failed program's output that the error contains. */
const REPORTED_CHARACTERS_MAX = 4000

export interface RunOptions {
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
  readonly uid?: number
  readonly gid?: number
}

/** Whether this user may execute the file. */
export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** The first program with this name on `PATH`, or undefined. */
export function programOnPath(name: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  return folders.map((folder) => join(folder, name)).find(isExecutable)
}

/**
 * Runs a program until it exits and returns its standard output.
 *
 * @throws an error with the command and the end of its output if it fails
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
    const output = `${stdout}${stderr}`.trim().slice(-REPORTED_CHARACTERS_MAX)
    throw new Error(`"${command} ${args.join(' ')}" failed. ${output}`, { cause: error })
  }
}

/** Whether this process runs as root, and so may install packages and must start servers as another user. */
export function isRoot(): boolean {
  return process.getuid?.() === 0
}
