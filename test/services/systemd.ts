import { findProgram, type FoundProgram } from './debian-program.ts'

/** Finds `systemd-analyze`, which checks units without a running systemd. @throws an error that says what to install */
export async function systemdAnalyzeProgram(): Promise<FoundProgram> {
  return await findProgram({
    names: ['systemd-analyze'],
    packages: ['systemd'],
    packaged: 'usr/bin/systemd-analyze',
    notFound:
      'A test needs systemd-analyze 250 or later, which is not installed. Install it (Debian 12 and Ubuntu 24.04 or later: ' +
      '"apt-get install systemd").',
  })
}
