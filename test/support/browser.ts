import { chromium, type Browser } from 'playwright-core'
import { chromiumProgram } from '../services/chromium.ts'

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** The name of a host that the browser finds on this machine, without trusting it as it trusts `127.0.0.1`. */
export const PLAIN_HOST = 'console.test'

/**
 * Starts a real browser, with a new profile.
 *
 * @throws an error that says what to install if there is none
 */
export async function startBrowser(): Promise<Browser> {
  const { path, env } = await chromiumProgram()
  return await chromium.launch({
    executablePath: path,
    args: [...ARGUMENTS, `--host-resolver-rules=MAP ${PLAIN_HOST} 127.0.0.1`],
    env: { ...process.env, ...env },
  })
}
