import { Button } from '@mantine/core'
import type { DeployOutput } from '@sallyport/sdk'
import { useQuery } from '@tanstack/react-query'
import { Fact, Facts } from '../../../parts/facts.tsx'
import { CopyableId } from '../../../parts/id.tsx'
import { Note } from '../../../parts/states/note.tsx'
import { Receipt } from '../../../parts/receipt.tsx'
import { Snippet } from '../../../parts/snippet.tsx'
import { State } from '../../../parts/state.tsx'
import { t } from '../../../texts/texts.ts'
import { CLOSED } from '../address/search.ts'
import { usePipelineSearch } from '../address/use-pipeline-search.ts'
import { versionsQuery } from '../data/queries.ts'
import { triggerFacts } from '../spec/trigger-facts.ts'
import { curlLine, methodOf } from '../try/curl-line.ts'
import { NewCaller } from '../try/new-caller.tsx'
import classes from './deploy-panel.module.css'

interface DeployedProps {
  readonly organization: string
  readonly done: DeployOutput
}

/** What is in force now: on which gateways, at which URL, and how to call it. */
export function Deployed({ organization, done }: DeployedProps) {
  const { set } = usePipelineSearch()
  const { data: versions } = useQuery(versionsQuery(organization, done.pipeline))
  const spec = versions?.find(({ version }) => version === done.version)?.spec
  const { deploy } = t.pipeline
  const { url, probe, receipt } = done
  const facts = triggerFacts(spec)
  return (
    <div className={classes.part}>
      <div className={classes.verdict} role="status">
        <State tone="ok">{deploy.live(done.version, done.environment)}</State>
      </div>
      {receipt !== undefined && <Receipt receipt={receipt} />}
      {probe?.alarm === true && (
        <Note tone="bad" role="alert" title={deploy.alarm}>
          {deploy.alarmText(
            probe.results
              .filter(({ alarm }) => alarm)
              .map(({ method, route, host = '' }) => `${method} ${host}${route}`),
          )}
        </Note>
      )}
      {url !== null && (
        <>
          <Facts>
            <Fact name={deploy.url}>
              <span className={classes.url}>
                <CopyableId value={url} />
              </span>
            </Fact>
          </Facts>
          {spec !== undefined && (
            <Snippet label={deploy.call}>
              {curlLine({ url, method: methodOf(facts), required: facts.required })}
            </Snippet>
          )}
          {facts.required.apiKey && <NewCaller organization={organization} called={done} />}
          <div className={classes.foot}>
            <Button onClick={() => set({ ...CLOSED, panel: 'try', to: done.environment })}>
              {t.pipeline.try.open}
            </Button>
          </div>
        </>
      )}
    </div>
  )
}
