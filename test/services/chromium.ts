import { findProgram, type FoundProgram } from './debian-program.ts'

/**
 * Finds Chromium. Its headless shell is preferred: the same engine without the window of a browser, which takes a fifth of
 * the time of a test.
 *
 * @throws an error that says what to install if it is not available
 */
export async function chromiumProgram(): Promise<FoundProgram> {
  return await findProgram({
    names: [
      'chromium-headless-shell',
      'chrome-headless-shell',
      'chromium',
      'chromium-browser',
      'google-chrome-stable',
      'google-chrome',
    ],
    packages: ['chromium-headless-shell'],
    // Beside it is a launcher script, which only works where the package is installed.
    packaged: 'usr/lib/chromium/chromium-headless-shell',
    notFound:
      'A test needs Chromium, which is not installed. Install it (Debian: "apt-get install chromium-headless-shell"; ' +
      'elsewhere: put a program named "chromium" or "google-chrome" on PATH).',
  })
}
