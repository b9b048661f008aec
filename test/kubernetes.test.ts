import { readFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { readSettings } from '../packages/server/src/config/settings.ts'
import { unknownFields, type KubernetesModel, type KubernetesTypes } from './deploy/kubernetes-object.ts'
import { helmProgram } from './services/helm.ts'
import { npmLinters } from './services/npm-linters.ts'
import { run } from './services/programs.ts'

/* The chart of deploy/helm: Helm renders it with several files of values, and each object is as Kubernetes expects it. */

const CHART = join(import.meta.dirname, '..', 'deploy', 'helm', 'sallyport')
const VALUES = join(import.meta.dirname, 'deploy', 'chart-values')
const SMALLEST = join(VALUES, 'smallest.yaml')
const files = await readdir(VALUES)

interface KubernetesObject {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> }
}

interface Container {
  readonly image: string
  readonly args: readonly string[]
  readonly envFrom: readonly { readonly configMapRef: { readonly name: string } }[]
  readonly env: readonly {
    readonly name: string
    readonly valueFrom: { readonly secretKeyRef: { readonly name: string } }
  }[]
  readonly ports: readonly { readonly containerPort: number }[]
  readonly securityContext: object
  readonly volumeMounts: readonly { readonly name: string }[]
}

/** What the tests read of a workload. */
interface Workload extends KubernetesObject {
  readonly spec: {
    readonly replicas?: number
    readonly selector: { readonly matchLabels: Readonly<Record<string, string>> }
    readonly volumeClaimTemplates?: readonly KubernetesObject[]
    readonly template: {
      readonly metadata: {
        readonly labels: Readonly<Record<string, string>>
        readonly annotations: Readonly<Record<string, string>>
      }
      readonly spec: {
        readonly enableServiceLinks: boolean
        readonly automountServiceAccountToken: boolean
        readonly terminationGracePeriodSeconds: number
        readonly securityContext: object
        readonly volumes: readonly { readonly name: string }[]
        readonly containers: readonly [Container]
      }
    }
  }
}

/** The role of a workload, which is its component. */
function roleOf({ metadata }: KubernetesObject): string {
  return metadata.labels['app.kubernetes.io/component'] ?? ''
}

async function helm(...args: readonly string[]): Promise<string> {
  return await run(await helmProgram(), args)
}

/** Renders the chart. @param args such as `--set` */
async function render(release: string, ...args: readonly string[]): Promise<readonly KubernetesObject[]> {
  const text = await helm('template', release, CHART, '--namespace', 'fleet', ...args)
  return parseAllDocuments(text).map((document) => document.toJS() as KubernetesObject)
}

function workloadsOf(objects: readonly KubernetesObject[]): readonly Workload[] {
  return objects.filter(({ kind }) => ['Deployment', 'StatefulSet'].includes(kind)) as Workload[]
}

/** The schema of an object. */
async function modelOf({ apiVersion, kind }: KubernetesObject): Promise<KubernetesModel> {
  const models = apiVersion.startsWith('monitoring.')
    ? '@kubernetes-models/prometheus-operator'
    : 'kubernetes-models'
  const load = await npmLinters()
  // By its path: the package has no names of its files for `require`.
  const file = join(dirname(load.resolve(`${models}/package.json`)), apiVersion, `${kind}.js`)
  const { [kind]: model } = load(file) as Record<string, KubernetesModel | undefined>
  if (model === undefined) throw new Error(`there is no schema of ${apiVersion} ${kind}`)
  return model
}

describe.each(files)('with the values %s', (file) => {
  let objects: readonly KubernetesObject[]

  beforeAll(async () => {
    objects = await render('sallyport', '--values', join(VALUES, file))
  })

  test('has nothing that Helm warns of', async () => {
    expect(await helm('lint', '--strict', '--quiet', CHART, '--values', join(VALUES, file))).toBe('')
  })

  test('each object is as its schema says, and has no field that its type lacks', async () => {
    const load = await npmLinters()
    const types = load('@kubernetes/client-node') as KubernetesTypes
    const problemsOf = async (object: KubernetesObject): Promise<readonly string[]> => {
      const { kind, apiVersion } = object
      const Model = await modelOf(object)
      new Model(object).validate()
      // The types of the client have the version in their names.
      return unknownFields(types, apiVersion.endsWith('/v2') ? `V2${kind}` : `V1${kind}`, object)
    }
    expect(objects.length).toBeGreaterThan(9)
    for (const object of objects) {
      expect(await problemsOf(object), object.metadata.name).toEqual([])
      await expect(problemsOf({ ...object, metadata: 'none' } as never)).rejects.toThrow('metadata')
    }
    for (const object of objects.filter(({ apiVersion }) => !apiVersion.startsWith('monitoring.'))) {
      const mistyped = { ...object.metadata, lables: {} }
      expect(await problemsOf({ ...object, metadata: mistyped })).toEqual(['.metadata.lables'])
    }
  })

  test('each workload has what its role needs, and no more', () => {
    const maps = objects.filter(({ kind }) => kind === 'ConfigMap') as (KubernetesObject & {
      readonly data: Readonly<Record<string, string>>
    })[]
    for (const workload of workloadsOf(objects)) {
      const role = roleOf(workload)
      const { spec } = workload.spec.template
      const [container] = spec.containers
      expect(container.args).toEqual(['serve', '--role', role])
      expect(container.ports).toMatchObject([{ containerPort: role === 'gateway' ? 8081 : 8080 }])
      expect(spec).toMatchObject({
        enableServiceLinks: false,
        automountServiceAccountToken: false,
        securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
      })
      expect(container.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      })
      // The shutdown takes 10 s at most.
      expect(spec.terminationGracePeriodSeconds).toBeGreaterThan(15)
      const volumes = [...spec.volumes.map(({ name }) => name), ...claimsOf(workload)]
      expect(volumes.toSorted()).toEqual(container.volumeMounts.map(({ name }) => name).toSorted())
      expect(claimsOf(workload)).toEqual(role === 'control' ? [] : ['data'])
      expect(container.env.slice(0, role === 'control' ? 3 : 1).map(({ name }) => name)).toEqual(
        role === 'control'
          ? ['SALLYPORT_DATABASE_URL', 'SALLYPORT_MASTER_KEY', 'SALLYPORT_SETUP_TOKEN']
          : ['SALLYPORT_ENROLMENT_TOKEN'],
      )
      const [named] = container.envFrom.map(({ configMapRef: { name } }) =>
        maps.find(({ metadata }) => metadata.name === name),
      )
      expect(readSettings(named?.data ?? { SALLYPORT_MISSING: '' }).problems).toEqual([])
    }
  })

  test('each Service, budget and policy selects the pods of one workload', () => {
    const labels = workloadsOf(objects).map(({ spec }) => spec.selector.matchLabels)
    const others = objects.filter(({ kind }) =>
      ['Service', 'PodDisruptionBudget', 'NetworkPolicy'].includes(kind),
    )
    expect(others.length).toBeGreaterThan(2 * labels.length - 1)
    for (const object of others) {
      const { spec } = object as unknown as { spec: { selector?: object; podSelector?: object } }
      const selector = (spec.podSelector ?? spec.selector) as { matchLabels?: object }
      expect(labels, object.metadata.name).toContainEqual(selector.matchLabels ?? selector)
    }
  })

  test('has no Secret, and names each object once', () => {
    expect(objects.map(({ kind }) => kind)).not.toContain('Secret')
    const names = objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`)
    expect(new Set(names).size).toBe(names.length)
  })
})

function claimsOf({ spec }: Workload): readonly string[] {
  return (spec.volumeClaimTemplates ?? []).map(({ metadata }) => metadata.name)
}

/** Values with which a gateway gets a setting from a Secret. */
function fromSecret(setting: string): string {
  const path = `gateway.secretSettings.${setting}`
  return `${path}.secret=limits,${path}.key=url`
}

/** The names of all settings that the server reads, in their order. */
function settingNames(): readonly string[] {
  const names = new Set<string>()
  readSettings(
    new Proxy<Readonly<Record<string, string>>>(
      {},
      {
        get(_target, name) {
          names.add(String(name))
          return undefined
        },
      },
    ),
  )
  return [...names].toSorted()
}

/** What is a name in objects, or another text that the values choose. */
function* textsIn(value: unknown): Generator {
  if (typeof value !== 'object' || value === null) return
  for (const [name, member] of Object.entries(value)) {
    const isText = /^(name|key|namespace|priorityClassName|storageClassName|app\.kubernetes\.io\/instance)$/
    if (isText.test(name)) yield member
    else yield* textsIn(member)
  }
}

describe('the chart', () => {
  test('runs what the values say', async () => {
    const rolesWith = async (file: string): Promise<readonly string[]> =>
      workloadsOf(await render('sallyport', '--values', join(VALUES, file)))
        .map(roleOf)
        .toSorted()
    expect(await rolesWith('smallest.yaml')).toEqual(['control', 'gateway'])
    expect(await rolesWith('everything.yaml')).toEqual(['control', 'gateway', 'relay'])
    expect(await rolesWith('edge.yaml')).toEqual(['gateway', 'relay'])
  })

  test('gives each component its image, its settings and its Secrets', async () => {
    const objects = await render('sallyport', '--values', join(VALUES, 'everything.yaml'))
    const of = (role: string): Workload | undefined =>
      workloadsOf(objects).find((workload) => roleOf(workload) === role)
    const image = (role: string): string | undefined => of(role)?.spec.template.spec.containers[0].image
    const repository = 'images.example.com:5000/team/sallyport'
    expect([image('control'), image('gateway')]).toEqual([`${repository}:0.1.9`, `${repository}:0.2.0`])
    expect(image('relay')).toMatch(/sallyport@sha256:[0-9a-f]{64}$/)
    // The autoscaler sets the number of gateways.
    expect(['control', 'gateway', 'relay'].map((role) => of(role)?.spec.replicas)).toEqual([0, undefined, 3])
    const data = objects
      .filter(({ kind }) => kind === 'ConfigMap')
      .map((map) => [roleOf(map), (map as unknown as { data: object }).data])
    expect(Object.fromEntries(data)).toMatchObject({
      control: { SALLYPORT_LOG_LEVEL: 'debug', SALLYPORT_GATEWAY_LEASE_SECONDS: '60' },
      gateway: {
        SALLYPORT_LOG_LEVEL: 'warn',
        SALLYPORT_CONTROL_URL: 'https://one.example.com,https://two.example.com',
        SALLYPORT_TRUSTED_PROXIES: '10.0.0.0/8,fd00::/8',
      },
      relay: { SALLYPORT_CONTROL_URL: 'https://console.example.com:8443' },
    })
    const secrets = of('gateway')?.spec.template.spec.containers[0].env.map(({ name, valueFrom }) => [
      name,
      valueFrom.secretKeyRef.name,
    ])
    expect(secrets).toEqual([
      ['SALLYPORT_ENROLMENT_TOKEN', 'gateways'],
      ['SALLYPORT_LIMITS_URL', 'limits'],
    ])
    const policy = objects.find(
      ({ kind, metadata }) => kind === 'NetworkPolicy' && metadata.name.endsWith('gateway'),
    )
    expect(policy).toMatchObject({
      spec: {
        ingress: [{ from: [{ namespaceSelector: { matchLabels: { 'example.com/ingress': 'true' } } }] }],
        egress: [
          {
            to: [
              { ipBlock: { cidr: '0.0.0.0/0', except: ['10.1.0.0/16'] } },
              { ipBlock: { cidr: '::/0', except: ['fd00:1::/32'] } },
            ],
          },
        ],
      },
    })
  })

  test('replaces pods for another setting, and only then', async () => {
    const sums = async (...args: readonly string[]): Promise<readonly (string | undefined)[]> =>
      workloadsOf(await render('sallyport', '--values', SMALLEST, ...args)).map(
        ({ spec }) => spec.template.metadata.annotations['checksum/settings'],
      )
    const [control, gateway] = await sums()
    expect(await sums('--set', 'gateway.replicas=5')).toEqual([control, gateway])
    const changed = await sums('--set', 'gateway.settings.SALLYPORT_LOG_LEVEL=warn')
    expect(changed[0]).toBe(control)
    expect(changed[1]).not.toBe(gateway)
  })

  test('can be installed twice in a namespace, also with a long name', async () => {
    const names = async (release: string): Promise<readonly string[]> =>
      (await render(release, '--values', SMALLEST)).map(({ kind, metadata }) => `${kind} ${metadata.name}`)
    const [one, other, long] = [await names('blue'), await names('green'), await names('b'.repeat(53))]
    expect(one.filter((name) => other.includes(name))).toEqual([])
    expect(one).toContain('Deployment blue-sallyport-control')
    expect(
      long
        .map((name) => name.split(' ')[1]?.length ?? 0)
        .toSorted((a, b) => a - b)
        .at(-1),
    ).toBeLessThan(64)
  })

  test('says that gateways reach the database while its addresses are not known, and accepts a Secret of a setting', async () => {
    const notes = async (...args: readonly string[]): Promise<string> =>
      await helm('install', 'sallyport', CHART, '--dry-run=client', '--values', SMALLEST, ...args)
    const warning = 'Gateways can reach the database'
    expect(await notes()).toContain(warning)
    expect(await notes('--set', 'networkPolicies.unreachable={10.20.0.0/24}')).not.toContain(warning)
    expect(await notes('--set', fromSecret('SALLYPORT_LIMITS_URL'))).toContain('SALLYPORT_LIMITS_URL')
  })

  test('keeps names as texts that YAML would read as something else', async () => {
    const values = [
      'image.pullSecrets={1e3}',
      'certificateAuthorities.configMap=10',
      'certificateAuthorities.key=1.5',
      'control.secret=null',
      'gateway.enrolmentSecret=true',
      'gateway.secretSettings.SALLYPORT_LIMITS_URL.secret=20261129',
      'gateway.secretSettings.SALLYPORT_LIMITS_URL.key=1_000',
      'gateway.priorityClassName=false',
      'gateway.storage.className=8',
    ]
    const namespace = ['--namespace', '0x2a'] as const
    const everything = ['--values', join(VALUES, 'everything.yaml')] as const
    const objects = await render('7', ...everything, ...namespace, '--set-string', values.join(','))
    const texts = [...textsIn(objects)]
    expect(texts.filter((text) => typeof text !== 'string')).toEqual([])
    expect(texts).toEqual(
      expect.arrayContaining([
        '7',
        '0x2a',
        '1e3',
        '10',
        '1.5',
        'null',
        'true',
        '20261129',
        '1_000',
        'false',
        '8',
      ]),
    )
  })

  test.each([
    ['a password among the settings', ['control.settings.SALLYPORT_DATABASE_URL=postgres://a:b@c/d']],
    ['a setting that the chart sets', ['settings.SALLYPORT_PORT=80']],
    ['a setting that there is not', ['settings.OTEL_EXPORTER_OTLP_ENDPONT=https://collector.example.com']],
    ['a password in such a setting', ['settings.OTEL_EXPORTER_OTLP_HEADER=authorization=secret']],
    ['a Secret for such a setting', [fromSecret('SALLYPORT_LIMIT_URL')]],
    ['the database for a gateway', [fromSecret('SALLYPORT_DATABASE_URL')]],
    ['a value that there is not', ['gateways.replicas=3']],
    ['a value that there is not in a component', ['gateway.replica=3']],
    ['control nodes without TLS', ['publicUrl=http://console.example.com']],
    ['a path of the dashboard', ['publicUrl=https://console.example.com/sallyport']],
    ['no gateway', ['gateway.replicas=0']],
    ['a number of seconds as text', ['control.gatewayLeaseSeconds=30s']],
    ['an unknown strategy', ['control.strategy=OnDelete']],
    ['a range without its length', ['networkPolicies.unreachable={10.0.0.1}']],
    ['a Secret that is a map', ['control.secret.name=sallyport-control']],
    [
      'pods with the labels of another component',
      ['gateway.podLabels.app\\.kubernetes\\.io/component=control'],
    ],
    ['pods that keep old settings', ['gateway.podAnnotations.checksum/settings=fixed']],
    ['clients without a value', ['networkPolicies.clients=sallyport-clients']],
    ['all namespaces as clients', ['networkPolicies.clients=null']],
  ])('refuses %s', async (_, [value = '']) => {
    await expect(render('sallyport', '--values', SMALLEST, '--set', value)).rejects.toThrow(
      "values don't meet the specifications",
    )
  })

  test('knows each setting, and refuses in its settings each one that is a secret', () => {
    const { definitions } = JSON.parse(readFileSync(join(CHART, 'values.schema.json'), 'utf8')) as {
      definitions: {
        settingName: { enum: readonly string[] }
        settings: { propertyNames: { allOf: readonly { not?: { enum: readonly string[] } }[] } }
      }
    }
    const refused = definitions.settings.propertyNames.allOf.flatMap(({ not }) => not?.enum ?? [])
    expect(settingNames()).toEqual(expect.arrayContaining([...refused]))
    expect(definitions.settingName.enum).toEqual(settingNames())
    const secrets = ['DATABASE_URL', 'MASTER_KEY', 'SETUP_TOKEN', 'ENROLMENT_TOKEN', 'LIMITS_URL', 'SMTP_URL']
    expect(refused).toEqual(expect.arrayContaining(secrets.map((name) => `SALLYPORT_${name}`)))
  })

  test('has the version of the packages', () => {
    const { appVersion } = parse(readFileSync(join(CHART, 'Chart.yaml'), 'utf8')) as { appVersion: string }
    const { version } = JSON.parse(
      readFileSync(join(import.meta.dirname, '..', 'packages', 'server', 'package.json'), 'utf8'),
    ) as { version: string }
    expect(appVersion).toBe(version)
  })
})
