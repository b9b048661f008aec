import { existsSync } from 'node:fs'
import Module from 'node:module'
import { fileURLToPath } from 'node:url'
import { UsageError } from '../terminal/failure.ts'

/** A command that another program of this release runs, with arguments and exit codes of its own. */
export interface Program {
  readonly words: string
  readonly summary: string
  /** From the folder of the built or the source file of this program. */
  readonly file: string
  /** What the other program calls the command. */
  readonly arguments: readonly string[]
}

const SERVER = '../../server/dist/main.js'

export const PROGRAMS: readonly Program[] = [
  {
    words: 'serve',
    summary: 'Run the control plane and the gateway, or one part of a fleet',
    file: SERVER,
    arguments: ['serve'],
  },
  {
    words: 'demo',
    summary: 'Run both with sample data, and print commands to try',
    file: SERVER,
    arguments: ['demo'],
  },
  {
    words: 'admin',
    summary: 'Recover an owner, enrol or remove gateways, beside the database of a server',
    file: SERVER,
    arguments: [],
  },
  {
    words: 'audit verify',
    summary: 'Check an export of an audit log, without a server',
    file: '../../server/dist/verify-audit.js',
    arguments: ['verify'],
  },
  {
    words: 'scan',
    summary: 'Find tokens of keys in files and repositories',
    file: '../../scan/dist/main.js',
    arguments: [],
  },
]

/** The program whose words the arguments begin with. */
export function programOf(args: readonly string[]): Program | undefined {
  return PROGRAMS.find(({ words }) => words.split(' ').every((word, index) => args[index] === word))
}

/**
 * Runs a program in this process, which ends as the program does.
 *
 * @param base the URL of the file of the command line
 * @throws UsageError if it is not built
 */
export function runProgram(program: Program, args: readonly string[], base: string): void {
  const file = fileURLToPath(new URL(program.file, base))
  if (!existsSync(file)) throw new UsageError(`${file} is not built. Run: npm run build`)
  const own = args.slice(program.words.split(' ').length)
  process.argv = [process.execPath, file, ...program.arguments, ...own]
  Module.runMain()
}
