import type { DecidedRequest } from '@sallyport/sdk'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { milliseconds } from '../../format/numbers.ts'
import { inIntervals, periodOf } from '../../data/usage/periods.ts'
import { usageQuery } from '../../data/usage/usage.ts'
import { totalOf } from '../../data/usage/usage-sums.ts'
import { ConsumerName, KeyName } from '../../names/names.tsx'
import { Absent } from '../../parts/absent.tsx'
import { Fact, Facts } from '../../parts/facts.tsx'
import { usePlace } from '../../shell/organization.ts'
import { t } from '../../texts/texts.ts'
import { isRefusalCode } from './outcome.ts'

/** What is known about a request, and how often the same happened. */
export function RequestFacts({ request }: { readonly request: DecidedRequest }) {
  const { panel, noPipeline } = t.requests
  const { environment, pipeline, version, key, consumer, method, entrance, end, upstreamMs } = request
  return (
    <Facts>
      <Fact name={panel.environment}>{environment}</Fact>
      <Fact name={panel.pipeline}>
        {pipeline === null ? <Absent>{noPipeline}</Absent> : `${pipeline} ${version ?? ''}`}
      </Fact>
      <Fact name={panel.consumer}>
        {consumer === null ? <Absent>{t.parts.none}</Absent> : <ConsumerName id={consumer} />}
      </Fact>
      <Fact name={panel.key}>{key === null ? <Absent>{t.parts.none}</Absent> : <KeyName id={key} />}</Fact>
      <Fact name={panel.method}>{method}</Fact>
      <Fact name={panel.entrance}>{panel.entrances[entrance]}</Fact>
      <Fact name={panel.upstream}>
        {upstreamMs === null ? <Absent>{panel.noUpstream}</Absent> : panel.ms(milliseconds(upstreamMs))}
      </Fact>
      <Fact name={panel.bytes}>{panel.bytesOf(request.requestBytes, request.responseBytes)}</Fact>
      <Fact name={panel.end}>{panel.ends[end]}</Fact>
      {isRefusalCode(request.code) && <SameRefusal request={request} />}
    </Facts>
  )
}

function SameRefusal({ request: { code, key, pipeline } }: { readonly request: DecidedRequest }) {
  const { organization } = usePlace()
  const { panel } = t.requests
  const filter = { code, key: key ?? undefined, pipeline: pipeline ?? undefined }
  const { data } = useQuery(
    usageQuery(organization, '7d of a refusal', (nowMs) => inIntervals(periodOf('7d', nowMs), 'day'), filter),
  )
  // Requests that match no pipeline are not counted.
  const isCounted = data !== undefined && pipeline !== null
  return (
    <Fact name={panel.same}>
      {isCounted && (
        <>
          <Link
            to="/organizations/$organization/usage"
            params={{ organization }}
            search={({ environment }) => ({ environment, ...filter })}
          >
            {panel.sameCount(totalOf(data.sums).refused)}
          </Link>
          {', '}
        </>
      )}
      <Link to="." search={({ environment, open }) => ({ environment, open, ...filter })}>
        {panel.sameHere}
      </Link>
    </Fact>
  )
}
