import { CommanderError } from 'commander'
import { EXIT, exitCodeOf, failureText } from './terminal/failure.ts'
import { createProgram } from './program/program.ts'
import { printLine, type Terminal } from './terminal/terminal.ts'

const terminal: Terminal = {
  input: process.stdin,
  output: process.stdout,
  notes: process.stderr,
  environment: process.env,
}

// A reader that has left, such as `head`, ends the command.
process.stdout.on('error', () => process.exit(EXIT.done))

try {
  await createProgram(terminal, Date.now).parseAsync(process.argv)
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode
  } else {
    printLine(terminal.notes, failureText(error))
    process.exitCode = exitCodeOf(error)
  }
}
