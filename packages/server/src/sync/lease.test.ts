import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openStore } from '../store/open.ts'
import type { Store } from '../store/port/store.ts'
import { Lease, leaseLengths } from './lease.ts'
import { PeerGateways } from './peer-gateways.ts'

const LENGTHS = leaseLengths(4_000, null)
const { sharedMs: LEASE_MS, loneMs: LONE_LEASE_MS } = LENGTHS
const START = { revision: 0, hash: '' }
/** As `PeerGateways` waits longer than a gateway decides. */
const MARGIN_MS = 100

/** A database with a clock for its gateways and one for its control plane. */
class Fleet implements AsyncDisposable {
  readonly store: Store
  /** Far apart, because the clocks of two processes have nothing in common. */
  readonly clock = { gatewayMs: 5_000_000, controlMs: 10 }
  readonly ended = new Set<string>()
  readonly peers: PeerGateways
  readonly #folder: string

  private constructor(store: Store, folder: string) {
    this.store = store
    this.#folder = folder
    this.peers = new PeerGateways({
      register: store.gateways,
      ownId: 'gw_own',
      monotonicMs: () => this.clock.controlMs,
      hasEnded: (process) => this.ended.has(process),
      onFault: () => undefined,
      onRemoved: () => undefined,
    })
  }

  static async open(): Promise<Fleet> {
    const folder = await mkdtemp(join(tmpdir(), 'sallyport-lease-'))
    return new Fleet(
      await openStore({ kind: 'sqlite', file: join(folder, 'store.db'), nowMs: () => 0 }),
      folder,
    )
  }

  lease(id: string, onLost = (): void => undefined, lengths = LENGTHS): Lease {
    return new Lease({
      id,
      role: 'gateway',
      register: this.store.gateways,
      lengths,
      monotonicMs: () => this.clock.gatewayMs,
      nowMs: () => 77,
      process: `process of ${id}`,
      onLost,
    })
  }

  pass(ms: number): void {
    this.clock.gatewayMs += ms
    this.clock.controlMs += ms
  }

  /** Renews as a follower does, which asks the feed again when it is told to. */
  async renew(lease: Lease, position = START): Promise<void> {
    while (await lease.renew(position, this.clock.gatewayMs));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.peers[Symbol.asyncDispose]()
    await this.store[Symbol.asyncDispose]()
    await rm(this.#folder, { recursive: true })
  }
}

describe('A lease', () => {
  test('begins when the gateway has asked the feed after its registration', async () => {
    await using fleet = await Fleet.open()
    const lease = fleet.lease('gw_a')
    expect(lease.isOver()).toBe(true)
    expect(await lease.renew(START, fleet.clock.gatewayMs)).toBe(true)
    expect(lease.isOver()).toBe(true)
    // This answer of the feed is older than the registration.
    expect(await lease.renew(START, fleet.clock.gatewayMs - 1)).toBe(true)
    expect(lease.isOver()).toBe(true)
    expect(await lease.renew(START, fleet.clock.gatewayMs)).toBe(false)
    expect(lease.isOver()).toBe(false)
  })

  test('lasts from before the feed was asked, also when the process was paused after that', async () => {
    await using fleet = await Fleet.open()
    const lease = fleet.lease('gw_a')
    await fleet.renew(fleet.lease('gw_b'))
    await fleet.renew(lease)
    const askedAtMs = fleet.clock.gatewayMs
    fleet.pass(LEASE_MS)
    expect(lease.isOver()).toBe(true)
    expect(await lease.renew(START, askedAtMs)).toBe(true)
    expect(lease.isOver()).toBe(true)
    await fleet.renew(lease)
    expect(lease.isOver()).toBe(false)
  })

  test('is long while the gateway is alone, and short as soon as it knows of another', async () => {
    await using fleet = await Fleet.open()
    const lease = fleet.lease('gw_a')
    await fleet.renew(lease)
    fleet.pass(1_000)
    await fleet.renew(lease)
    expect(await fleet.store.gateways.all()).toMatchObject([{ id: 'gw_a', leaseMs: LONE_LEASE_MS }])
    fleet.pass(LONE_LEASE_MS - 1)
    expect(lease.isOver()).toBe(false)
    fleet.pass(1)
    expect(lease.isOver()).toBe(true)
    await fleet.renew(lease)
    const other = fleet.lease('gw_b')
    await fleet.renew(other)
    // The first renewal tells it of the other gateway, the second one is short.
    fleet.pass(1_000)
    await fleet.renew(lease)
    fleet.pass(1_000)
    await fleet.renew(lease)
    fleet.pass(LEASE_MS - 1)
    expect(lease.isOver()).toBe(false)
    fleet.pass(1)
    expect(lease.isOver()).toBe(true)
  })

  test('is shortened before a short renewal is asked for, because its answer may be lost', async () => {
    await using fleet = await Fleet.open()
    const { gateways } = fleet.store
    let isAnswerLost = false
    const lease = new Lease({
      id: 'gw_a',
      role: 'gateway',
      register: {
        register: (row) => gateways.register(row),
        async renew(report) {
          const others = await gateways.renew(report)
          if (isAnswerLost && report.leaseMs === LEASE_MS) throw new Error('the connection was lost')
          return others
        },
        end: (id) => gateways.end(id),
      },
      lengths: LENGTHS,
      monotonicMs: () => fleet.clock.gatewayMs,
      nowMs: () => 77,
      process: '',
      onLost: () => undefined,
    })
    await fleet.renew(lease)
    fleet.pass(1_000)
    await fleet.renew(lease)
    await fleet.renew(fleet.lease('gw_b'))
    isAnswerLost = true
    fleet.pass(1_000)
    await expect(fleet.renew(lease)).rejects.toThrow('lost')
    expect(await gateways.all()).toMatchObject([{ id: 'gw_a', leaseMs: LEASE_MS }, { id: 'gw_b' }])
    fleet.pass(LEASE_MS)
    expect(lease.isOver()).toBe(true)
  })

  test('of a removed gateway is over, and it registers anew', async () => {
    await using fleet = await Fleet.open()
    await fleet.renew(fleet.lease('gw_own'))
    let lost = 0
    const lease = fleet.lease('gw_a', () => (lost += 1))
    await fleet.renew(lease)
    fleet.pass(LEASE_MS + MARGIN_MS)
    expect(await fleet.peers.list()).toHaveLength(1)
    fleet.pass(LEASE_MS + MARGIN_MS)
    expect(await fleet.peers.list()).toHaveLength(0)
    expect(lease.isOver()).toBe(true)
    expect(await lease.renew(START, fleet.clock.gatewayMs)).toBe(true)
    expect([lost, lease.isOver()]).toEqual([1, true])
    await fleet.renew(lease)
    expect(lease.isOver()).toBe(false)
    expect(await fleet.peers.list()).toHaveLength(1)
  })

  test('ends at once when it is ended', async () => {
    await using fleet = await Fleet.open()
    const lease = fleet.lease('gw_a')
    await fleet.renew(lease)
    await lease.end()
    expect(lease.isOver()).toBe(true)
    expect(await lease.renew(START, fleet.clock.gatewayMs)).toBe(false)
    expect(await fleet.peers.confirm(9, 0)).toEqual({ gateways: [], isComplete: true })
  })
})

describe('The lengths of a lease', () => {
  test.each([
    ['the default', 4_000, null, 4_000, 600_000],
    ['a long one', 3_600_000, null, 3_600_000, 3_600_000],
    ['a limit on the age of the snapshot', 4_000, 60_000, 4_000, 60_000],
    ['a limit below the setting', 60_000, 3_000, 3_000, 3_000],
  ])('follow from %s', (_name, settingMs, ageMsMax, sharedMs, loneMs) => {
    expect(leaseLengths(settingMs, ageMsMax)).toEqual({ sharedMs, loneMs })
  })
})

describe('Gateways with leases of different lengths', () => {
  test('are each waited for as long as they may decide, and not longer', async () => {
    await using fleet = await Fleet.open()
    await fleet.renew(fleet.lease('gw_own'))
    const short = fleet.lease('gw_short')
    const long = fleet.lease('gw_long', undefined, leaseLengths(60_000, null))
    for (let round = 0; round < 2; round += 1) {
      await fleet.renew(short)
      await fleet.renew(long)
      fleet.pass(1_000)
    }
    await fleet.peers.list()
    fleet.pass(LEASE_MS + MARGIN_MS)
    expect([short.isOver(), long.isOver()]).toEqual([true, false])
    const { gateways } = await fleet.peers.confirm(1, 0)
    expect(gateways).toMatchObject([{ id: 'gw_long', confirmed: false }])
    fleet.pass(60_000 - LEASE_MS - MARGIN_MS - 1_000)
    expect(long.isOver()).toBe(true)
    fleet.pass(1_000 + MARGIN_MS)
    expect((await fleet.peers.confirm(1, 0)).gateways).toEqual([])
  })

  test('have noticed another one after two renewals, or as soon as their lease is no longer than its own', async () => {
    await using fleet = await Fleet.open()
    const long = fleet.lease('gw_long', undefined, leaseLengths(60_000, null))
    await fleet.renew(long)
    await fleet.renew(fleet.lease('gw_own'))
    // The clock stands still, so the wait ends only when the condition holds.
    let hasNoticed = false
    const noticed = fleet.peers.waitUntilNoticed(LEASE_MS, 1_000).then(() => (hasNoticed = true))
    await expect.poll(async () => (await fleet.peers.list()).length).toBe(1)
    expect(hasNoticed).toBe(false)
    for (let round = 0; round < 2; round += 1) {
      fleet.clock.gatewayMs += 1_000
      await fleet.renew(long)
    }
    await noticed
    await fleet.peers.waitUntilNoticed(60_000, 1_000)
  })
})

describe('Other gateways confirm a revision', () => {
  test('when they have reported it', async () => {
    await using fleet = await Fleet.open()
    const [one, other, own] = [fleet.lease('gw_a'), fleet.lease('gw_b'), fleet.lease('gw_own')]
    for (const lease of [one, other, own]) await fleet.renew(lease)
    expect(await fleet.peers.confirm(0, 0)).toEqual({
      gateways: [
        { id: 'gw_a', state: 'applied', confirmed: true, seenAtMs: 77 },
        { id: 'gw_b', state: 'applied', confirmed: true, seenAtMs: 77 },
      ],
      isComplete: true,
    })
    expect((await fleet.peers.confirm(1, 0)).gateways).toMatchObject([
      { id: 'gw_a', state: 'pending', confirmed: false },
      { id: 'gw_b', state: 'pending', confirmed: false },
    ])
  })

  test('when they have not renewed their lease, and then none of them decides any more', async () => {
    await using fleet = await Fleet.open()
    await fleet.renew(fleet.lease('gw_own'))
    const lease = fleet.lease('gw_a')
    await fleet.renew(lease)
    // The renewal is as old as it can be when it is read, so it is read again only after the gateway's lease.
    expect((await fleet.peers.confirm(1, 0)).gateways).toMatchObject([{ confirmed: false }])
    fleet.pass(LEASE_MS - 1)
    expect(lease.isOver()).toBe(false)
    expect((await fleet.peers.confirm(1, 0)).gateways).toMatchObject([{ confirmed: false }])
    fleet.pass(1)
    expect(lease.isOver()).toBe(true)
    expect((await fleet.peers.confirm(1, 0)).gateways).toMatchObject([{ confirmed: false }])
    fleet.pass(MARGIN_MS)
    expect(await fleet.peers.confirm(1, 0)).toEqual({ gateways: [], isComplete: true })
  })

  test('when their process has ended', async () => {
    await using fleet = await Fleet.open()
    await fleet.renew(fleet.lease('gw_a'))
    expect((await fleet.peers.confirm(1, 0)).gateways).toHaveLength(1)
    fleet.ended.add('process of gw_a')
    expect(await fleet.peers.confirm(1, 0)).toEqual({ gateways: [], isComplete: true })
  })

  test('not by a revision of a lost history, nor by missing from a database that lost their registration', async () => {
    await using fleet = await Fleet.open()
    await fleet.renew(fleet.lease('gw_own'))
    const lease = fleet.lease('gw_a')
    await fleet.renew(lease, { revision: 9, hash: 'of a lost history' })
    expect((await fleet.peers.confirm(5, 0)).gateways).toMatchObject([{ confirmed: false }])
    await fleet.store.gateways.remove('gw_a', 2)
    expect((await fleet.peers.confirm(5, 0)).gateways).toMatchObject([{ id: 'gw_a', confirmed: false }])
    fleet.pass(LEASE_MS + MARGIN_MS)
    expect(lease.isOver()).toBe(true)
    expect((await fleet.peers.confirm(5, 0)).gateways).toEqual([])
  })

  test('never when the register cannot be read', async () => {
    const peers = new PeerGateways({
      register: { all: () => Promise.reject(new Error('no database')), remove: () => Promise.resolve(false) },
      ownId: 'gw_own',
      monotonicMs: () => performance.now(),
      hasEnded: () => false,
      onFault: () => undefined,
      onRemoved: () => undefined,
    })
    await using _ = peers
    expect(await peers.confirm(1, 30)).toEqual({ gateways: [], isComplete: false })
  })
})
