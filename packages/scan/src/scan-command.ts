import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { type Command, parseCommand, USAGE, UsageError } from './command-line.ts'
import { readEnvironment, type ScanEnvironment } from './environment.ts'
import { jsonReport } from './report/json-report.ts'
import { printable, withoutTokens } from './report/printable.ts'
import { sarifReport } from './report/sarif-report.ts'
import { textReport } from './report/text-report.ts'
import { runScan } from './run-scan.ts'

const EXIT = { clean: 0, leak: 1, failed: 2 } as const

/** Runs a command and returns its exit status. */
export async function scanCommand(args: readonly string[]): Promise<number> {
  const environment = readEnvironment()
  try {
    const command = parseCommand(args)
    if (command === undefined) {
      process.stdout.write(USAGE)
      return EXIT.clean
    }
    if (command.server !== undefined && environment.token === undefined) {
      throw new UsageError('--server needs the token of a key with keys.read in SALLYPORT_TOKEN.')
    }
    return await scan(command, environment)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    printLine(error.message)
    process.stderr.write(`\n${USAGE}`)
    return EXIT.failed
  }
}

/** Ends the process after an unexpected error, with the status of a failure. */
export function endWithFault(error: unknown): never {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  process.stderr.write(`${withoutTokens(text)}\n`)
  process.exit(EXIT.failed)
}

async function scan(command: Command, environment: ScanEnvironment): Promise<number> {
  const startMs = performance.now()
  const report = await runScan(command, environment)
  const seconds = (performance.now() - startMs) / 1000
  process.stdout.write(command.json ? jsonReport(report) : textReport(report, seconds))
  for (const line of [...report.notes, ...report.problems]) printLine(line)
  if (command.sarifFile !== undefined && !writeFile(command.sarifFile, sarifReport(report), environment)) {
    return EXIT.failed
  }
  if (report.problems.length > 0) return EXIT.failed
  return report.hasLeak ? EXIT.leak : EXIT.clean
}

function writeFile(path: string, text: string, { workingFolder }: ScanEnvironment): boolean {
  try {
    writeFileSync(resolve(workingFolder, path), text)
    return true
  } catch (error) {
    printLine(`${path} cannot be written: ${(error as NodeJS.ErrnoException).code ?? ''}.`)
    return false
  }
}

function printLine(line: string): void {
  process.stderr.write(`${printable(line)}\n`)
}
