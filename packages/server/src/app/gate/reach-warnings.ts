import {
  canReachSamePath,
  deploymentFacts,
  isExposing,
  jsonPointer,
  needsLess,
  originsOf,
  parseUrlTemplate,
  upstreamReach,
  versionText,
  type DeploymentFacts,
  type Guard,
  type PipelineSpec,
  type UpstreamReach,
  type Warning,
} from '@sallyport/core'
import type { LiveRoutes } from '../../store/port/deployments.ts'
import { namesText } from './names-text.ts'

/**
 * The most characters of URLs that are parsed, and that are compared, for one version: the gate runs inside the write
 * transaction. They are enough for a thousand URLs of usual length.
 */
const PARSED_CHARS_MAX = 64 * 1024
const COMPARED_CHARS_MAX = 1024 * 1024

/** A step that sends requests of callers to an upstream. */
interface UpstreamStep {
  readonly trigger: Guard
  readonly allowsEncodedSlashes: boolean
  readonly url: string
  /** Those of all its targets. */
  readonly origins: readonly string[]
  readonly methods: readonly string[]
}

/**
 * Warns where a pipeline and a live deployment can reach the same path of an upstream with different credentials. The
 * stronger one guards that path only as long as the upstream reads every path as the gateway does.
 *
 * @param others the live deployments that share a claim with the version, without the one that it replaces
 */
export function reachWarnings(spec: PipelineSpec, others: readonly LiveRoutes[]): Warning[] {
  const live = others.flatMap((row) =>
    upstreamSteps(row).map((step) => ({ step, name: `${row.pipeline} ${versionText(row)}` })),
  )
  const paths = urlPaths(spec)
  const reaches = new BoundedReaches()
  return upstreamSteps(deploymentFacts(spec)).flatMap((step, index): Warning[] => {
    const path = paths[index] ?? ''
    const sharing = live
      .filter((other) => haveCommonOrigin(other.step, step) && haveCommonMethod(other.step, step))
      .filter(
        (other) => needsLess(step.trigger, other.step.trigger) || needsLess(other.step.trigger, step.trigger),
      )
      .filter((other) => reaches.canReachSamePath(step, other.step))
    const stronger = sharing.filter((other) => needsLess(step.trigger, other.step.trigger))
    const weaker = sharing.filter((other) => needsLess(other.step.trigger, step.trigger))
    return [
      ...warning(
        'guarded-path-reachable',
        path,
        stronger,
        (names) =>
          `This URL can reach upstream paths that ${names} guards with credentials or addresses that this pipeline does not require. Require the same, or narrow the path of the URL.`,
      ),
      ...warning(
        'guarded-path-exposed',
        path,
        weaker,
        (names) =>
          `Callers of ${names} can reach upstream paths of this URL without the credentials or addresses that this pipeline requires. Require the same there, or narrow the path of that URL.`,
      ),
    ]
  })
}

function warning(
  rule: string,
  path: string,
  found: readonly { readonly name: string }[],
  detail: (names: string) => string,
): Warning[] {
  if (found.length === 0) return []
  return [{ rule, path, detail: detail(namesText(found.map(({ name }) => name))) }]
}

/** The paths of the URLs of the `proxy` and `call` steps, in order. */
function urlPaths({ steps }: PipelineSpec): string[] {
  return steps.flatMap(({ kind }, index) =>
    kind === 'proxy' || kind === 'call' ? [jsonPointer('steps', index, kind, 'url')] : [],
  )
}

function upstreamSteps({ subject, routes }: DeploymentFacts): UpstreamStep[] {
  const { kind, authentication } = subject.trigger
  // A schedule has no callers.
  if (!isExposing(kind)) return []
  const { acceptsPublicKeys, limitsAddresses = false, allowsEncodedSlashes, methods } = routes
  const trigger = { authentication, acceptsPublicKeys, limitsAddresses }
  const served = methods.includes('GET') ? [...methods, 'HEAD'] : methods
  return routes.upstreams.map((upstream) => ({
    trigger,
    allowsEncodedSlashes,
    url: upstream.url,
    origins: originsOf(upstream),
    methods: upstream.method === null ? served : [upstream.method],
  }))
}

function haveCommonOrigin(one: UpstreamStep, other: UpstreamStep): boolean {
  return one.origins.some((origin) => other.origins.includes(origin))
}

function haveCommonMethod(one: UpstreamStep, other: UpstreamStep): boolean {
  return one.methods.some((method) => other.methods.includes(method))
}

/** What URLs can reach: each is parsed once, and all work together is bounded. Beyond the bound nothing is found. */
class BoundedReaches {
  readonly #reaches = new Map<string, UpstreamReach | undefined>()
  #parsedChars = 0
  #comparedChars = 0

  /** Whether two steps with a common origin can reach the same path there; false when that is too much work. */
  canReachSamePath(one: UpstreamStep, other: UpstreamStep): boolean {
    this.#comparedChars += Math.min(one.url.length, other.url.length)
    if (this.#comparedChars > COMPARED_CHARS_MAX) return false
    const reach = this.#of(one)
    const otherReach = this.#of(other)
    if (reach === undefined || otherReach === undefined) return false
    // The URL of a step can have another one of its origins.
    return canReachSamePath(reach, { ...otherReach, origin: reach.origin })
  }

  #of({ url, allowsEncodedSlashes }: UpstreamStep): UpstreamReach | undefined {
    const name = `${allowsEncodedSlashes} ${url}`
    if (this.#reaches.has(name)) return this.#reaches.get(name)
    this.#parsedChars += url.length
    if (this.#parsedChars > PARSED_CHARS_MAX) return undefined
    const { template } = parseUrlTemplate(url)
    const reach = template === undefined ? undefined : upstreamReach(template, allowsEncodedSlashes)
    this.#reaches.set(name, reach)
    return reach
  }
}
