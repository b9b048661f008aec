import { describe, expect, test } from 'vitest'
import { RecordingUpstream } from '../testing/recording-upstream.ts'
import { ACME, deployment, OPEN, proxyTo, startWith } from '../testing/started-gateway.ts'

describe('An upstream on this machine or its network', () => {
  /** Spellings of hosts that lead to this machine or its network. */
  const HOSTS = [
    '127.0.0.1',
    '127.0.0.2',
    '127.1',
    '2130706433',
    '017700000001',
    '0x7f000001',
    '0x7f.1',
    '0177.0.0.1',
    '0.0.0.0',
    '0',
    'localhost',
    'LOCALHOST',
    '[::1]',
    '[0:0:0:0:0:0:0:1]',
    '[::]',
    '[::127.0.0.1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[::ffff:0:127.0.0.1]',
    '[64:ff9b::7f00:1]',
    '[64:ff9b:1::7f00:1]',
    '[2002:7f00:1::]',
    '[fe80::1]',
    '[fc00::1]',
    '[fd00:ec2::254]',
    '10.1.2.3',
    '100.64.0.1',
    '100.100.100.200',
    '169.254.169.254',
    '172.16.0.1',
    '192.168.0.1',
    '168.63.129.16',
  ]

  test.each([
    ['nothing is listed', []],
    ['something else is listed', ['203.0.113.0/24', '2001:db8::/32']],
  ])('is not reached in any spelling if %s', async (_, upstreamAllow) => {
    await using upstream = await RecordingUpstream.start()
    const records = HOSTS.map((host, index) =>
      deployment(
        { paths: [`/h${index}`], authentication: OPEN },
        proxyTo(`http://${host}:${upstream.port}/`),
        { id: `h${index}`, pipeline: `h${index}` },
      ),
    )
    await using started = await startWith([...ACME, ...records], { config: { upstreamAllow } })
    for (const [index, host] of HOSTS.entries()) {
      const before = started.log.length
      const answer = await fetch(`${started.url}/acme/prod/h${index}`)
      expect([host, answer.status]).toEqual([host, 502])
      expect([host, started.log.slice(before).join('')]).toEqual([
        host,
        expect.stringContaining('SALLYPORT_ADDRESS_REFUSED'),
      ])
      expect(await answer.text()).not.toContain('neither public')
    }
    expect(upstream.connections).toBe(0)
  })

  test.each(['127.0.0.1', '0177.0.0.1', 'LOCALHOST', '[::ffff:7f00:1]', '[::ffff:127.0.0.1]'])(
    '%s is reached if it is listed, and the unspecified address is not',
    async (host) => {
      await using upstream = await RecordingUpstream.start()
      const to = (name: string) => proxyTo(`http://${name}:${upstream.port}/`)
      await using started = await startWith(
        [
          ...ACME,
          deployment({ paths: ['/a'], authentication: OPEN }, to(host), { id: 'a', pipeline: 'a' }),
          deployment({ paths: ['/b'], authentication: OPEN }, to('0.0.0.0'), { id: 'b', pipeline: 'b' }),
        ],
        { config: { upstreamAllow: ['127.0.0.0/8', '::1'] } },
      )
      expect((await fetch(`${started.url}/acme/prod/a`)).status).toBe(200)
      expect((await fetch(`${started.url}/acme/prod/b`)).status).toBe(502)
      expect(upstream.take().length).toBe(1)
    },
  )
})
