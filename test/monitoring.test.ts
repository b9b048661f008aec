import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { freePort } from './services/free-port.ts'
import { prometheusProgram, promtoolProgram } from './services/prometheus.ts'
import { run } from './services/programs.ts'
import { startValkey } from './services/valkey.ts'
import { setUpAcme } from './support/api-client.ts'
import { publishPipeline } from './support/published-pipeline.ts'
import { startServerProcess, temporaryFolder, type ServerProcess } from './support/server-process.ts'
import { startEchoUpstream } from './support/upstream.ts'

/*
 * The files of docs/monitoring: a real Prometheus reads a real server by them, and every panel of the dashboard has data.
 */

const ROOT = join(import.meta.dirname, '..')
const FOLDER = join(ROOT, 'docs', 'monitoring')
/** The time for several readings, on a machine that is busy with other suites. */
const WAIT = { timeout: 60_000 }

interface Panel {
  readonly id: number
  readonly type: string
  readonly title: string
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number }
  readonly targets?: readonly { readonly expr: string }[]
}

interface Rule {
  readonly alert: string
  readonly expr: string
}

function read(file: string): string {
  return readFileSync(join(FOLDER, file), 'utf8')
}

const dashboard = JSON.parse(read('grafana-dashboard.json')) as { readonly panels: readonly Panel[] }
const { groups } = parse(read('sallyport.rules.yml')) as {
  readonly groups: readonly { readonly rules: readonly Rule[] }[]
}
const RULES = groups.flatMap(({ rules }) => rules)
/** The expressions of the dashboard, with what Grafana puts in. */
const QUERIES = dashboard.panels.flatMap(({ title, targets = [] }) =>
  targets.map(({ expr }) => ({
    title,
    query: expr.replaceAll('$__rate_interval', '30s').replaceAll('$route', '.*'),
  })),
)

async function promtool(...args: readonly string[]): Promise<void> {
  const { path, env } = await promtoolProgram()
  await run(path, args, { env: { ...process.env, ...env } })
}

describe('the files', () => {
  test('are valid for Prometheus', async () => {
    await promtool('check', 'config', join(FOLDER, 'prometheus.yml'))
    expect(RULES.length).toBeGreaterThan(8)
  })

  test('fire each alert for what it is about, and for nothing beside it', async () => {
    const file = join(import.meta.dirname, 'monitoring', 'alerts.yml')
    await promtool('test', 'rules', file)
    const { tests } = parse(await readFile(file, 'utf8')) as {
      readonly tests: readonly {
        readonly alert_rule_test: readonly { readonly alertname: string; readonly exp_alerts?: unknown }[]
      }[]
    }
    const fired = tests
      .flatMap(({ alert_rule_test }) => alert_rule_test)
      .flatMap(({ alertname, exp_alerts }) => (exp_alerts === undefined ? [] : [alertname]))
    expect([...new Set(fired)].toSorted()).toEqual(RULES.map(({ alert }) => alert).toSorted())
  })

  test('have panels beside each other, none on another', () => {
    const places = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)},${y + Math.floor(cell / w)}`),
    )
    expect(new Set(places).size).toBe(places.length)
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length)
  })
})

/** An alert as Prometheus sees it. */
interface Alert {
  readonly name: string
  readonly state: string
  readonly health: string
}

interface Prometheus extends AsyncDisposable {
  /** The series of an expression. */
  readonly query: (text: string) => Promise<readonly unknown[]>
  readonly alerts: () => Promise<readonly Alert[]>
}

/** Starts Prometheus by the files, with the ports of a server, and reads it each second. */
async function startPrometheus(server: ServerProcess, folder: string): Promise<Prometheus> {
  const { path, env } = await prometheusProgram()
  const port = await freePort()
  const rules = join(folder, 'sallyport.rules.yml')
  const config = read('prometheus.yml')
    .replaceAll('15s', '1s')
    .replace('127.0.0.1:8081', new URL(server.gatewayUrl).host)
    .replace('127.0.0.1:8080', new URL(server.controlUrl).host)
  await mkdir(folder, { recursive: true })
  await writeFile(rules, read('sallyport.rules.yml'))
  await writeFile(join(folder, 'prometheus.yml'), config)
  const child = spawn(
    path,
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=error',
    ],
    { env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'inherit'] },
  )
  const ended = once(child, 'exit')
  const get = async (url: string): Promise<unknown> => {
    const response = await fetch(`http://127.0.0.1:${port}/api/v1/${url}`)
    const answer = (await response.json()) as { readonly status: string; readonly data: unknown }
    if (answer.status !== 'success') throw new Error(`Prometheus answered ${JSON.stringify(answer)}`)
    return answer.data
  }
  const isReady = async (): Promise<boolean> => {
    try {
      return (await fetch(`http://127.0.0.1:${port}/-/ready`)).ok
    } catch {
      return false
    }
  }
  await expect.poll(isReady, WAIT).toBe(true)
  return {
    async query(text) {
      return ((await get(`query?query=${encodeURIComponent(text)}`)) as { result: unknown[] }).result
    },
    async alerts() {
      const data = (await get('rules')) as { groups: { rules: Alert[] }[] }
      return data.groups.flatMap((group) => group.rules)
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

test(
  'Prometheus has data for every panel, finds no fault in any alert, and notices a server that is gone',
  { timeout: 180_000 },
  async () => {
    await using stack = new AsyncDisposableStack()
    const folder = stack.use(await temporaryFolder()).path
    const upstream = stack.use(await startEchoUpstream())
    const valkey = stack.use(await startValkey())
    const server = stack.use(
      await startServerProcess({
        SALLYPORT_DATA: join(folder, 'data'),
        SALLYPORT_LIMITS_URL: valkey.url,
        SALLYPORT_SMTP_URL: 'smtp://127.0.0.1:9',
        SALLYPORT_MAIL_FROM: 'Sallyport <sallyport@example.com>',
        SALLYPORT_PUBLIC_URL: 'https://console.example.com',
      }),
    )
    const acme = await setUpAcme(server)
    const orders = await publishPipeline(acme, 'orders', {
      url: `${upstream.url}/orders`,
      targets: [{ origin: upstream.url }, { origin: upstream.url.replace('127.0.0.1', '127.0.0.2') }],
    })
    const dead = await publishPipeline(acme, 'dead', `http://127.0.0.1:${await freePort()}`)
    const prometheus = stack.use(await startPrometheus(server, join(folder, 'prometheus')))

    const missing = async (): Promise<readonly string[]> => {
      for (const { path, token } of [orders, dead])
        await (await fetch(server.gatewayUrl + path, { headers: { 'x-api-key': token } })).text()
      const found = await Promise.all(
        QUERIES.map(async ({ title, query }) =>
          (await prometheus.query(query)).length > 0 ? [] : [`${title}: ${query}`],
        ),
      )
      return found.flat()
    }
    await expect.poll(missing, WAIT).toEqual([])
    const faults = async (): Promise<readonly string[]> =>
      (await prometheus.alerts()).filter(({ health }) => health !== 'ok').map(({ name }) => name)
    await expect.poll(faults, WAIT).toEqual([])
    expect((await prometheus.alerts()).map(({ name }) => name)).toEqual(RULES.map(({ alert }) => alert))

    await server[Symbol.asyncDispose]()
    const states = async (): Promise<readonly string[]> =>
      (await prometheus.alerts()).filter(({ name }) => name === 'SallyportDown').map(({ state }) => state)
    await expect.poll(states, WAIT).not.toEqual(['inactive'])
  },
)
