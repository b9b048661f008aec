import { demo } from './cli/demo.ts'
import { complain, say } from './cli/output.ts'
import { serve } from './cli/serve.ts'
import { ConfigError } from './config/config-error.ts'

const USAGE = `sallyport COMMAND

  serve   run the control plane and the gateway, until SIGTERM or Ctrl-C
  demo    run both in a throw-away folder, with commands to try

Settings are environment variables; the README lists them.`

const COMMANDS: Readonly<Record<string, () => Promise<void>>> = {
  serve,
  demo,
  help: () => {
    say(USAGE)
    return Promise.resolve()
  },
}

const [name = '', ...rest] = process.argv.slice(2)
const command = Object.hasOwn(COMMANDS, name) && rest.length === 0 ? COMMANDS[name] : undefined
if (command === undefined) {
  complain(USAGE)
  process.exitCode = 2
} else {
  try {
    await command()
  } catch (error) {
    complain(error instanceof Error ? error.message : String(error))
    process.exitCode = error instanceof ConfigError ? 2 : 1
  }
}
