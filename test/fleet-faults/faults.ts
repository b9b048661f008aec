import { setTimeout as pause } from 'node:timers/promises'
import type { FaultyFleet, FaultyGateway } from './faulty-fleet.ts'

/** What can happen to a fleet. Each ends with everything running again. */
export const FAULTS = [
  'a gateway is killed',
  'a gateway is paused',
  'streams are cut',
  'streams are held back',
  'a node is killed',
  'a node is paused',
  'the database is stopped',
  'the database is restored',
] as const
export type Fault = (typeof FAULTS)[number]

/** Longer than the leases. */
const PAUSE_MS_MAX = 3_500

/** @param random numbers below 1 */
export async function make(fault: Fault, fleet: FaultyFleet, random: () => number): Promise<void> {
  const hit = fleet.gateways[Math.floor(random() * fleet.gateways.length)]
  const node = random() < 0.5 ? 0 : 1
  const lastingMs = 200 + random() * PAUSE_MS_MAX
  if (hit === undefined) throw new Error('there are gateways')
  switch (fault) {
    case 'a gateway is killed':
      await hit.gateway.process.stop('SIGKILL')
      await hit.gateway.startAgain()
      return
    case 'a gateway is paused':
      await stopped(hit.gateway.process.pid, lastingMs)
      return
    case 'streams are cut':
      await during(hit, 'cut', 'mend', lastingMs)
      return
    case 'streams are held back':
      await during(hit, 'hold', 'release', lastingMs)
      return
    case 'a node is killed':
      await fleet.node(node).stop('SIGKILL')
      await fleet.startNode(node)
      return
    case 'a node is paused':
      await stopped(fleet.node(node).pid, lastingMs)
      return
    case 'the database is stopped':
      await fleet.postgres.stop('SIGINT')
      await pause(lastingMs)
      await fleet.postgres.start()
      return
    case 'the database is restored':
      await fleet.restore()
  }
}

async function stopped(pid: number, lastingMs: number): Promise<void> {
  process.kill(pid, 'SIGSTOP')
  await pause(lastingMs)
  process.kill(pid, 'SIGCONT')
}

async function during(
  { relays }: FaultyGateway,
  begin: 'cut' | 'hold',
  end: 'mend' | 'release',
  lastingMs: number,
): Promise<void> {
  for (const relay of relays) relay[begin]()
  await pause(lastingMs)
  for (const relay of relays) relay[end]()
}
