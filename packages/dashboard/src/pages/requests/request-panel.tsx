import type { DecidedRequest } from '@sallyport/sdk'
import { useQuery } from '@tanstack/react-query'
import { preciseInstant } from '../../format/times.ts'
import { Empty } from '../../parts/states/empty.tsx'
import { CopyableId } from '../../parts/id.tsx'
import { Loaded } from '../../parts/states/loaded.tsx'
import { PanelSection, SidePanel } from '../../parts/layers/side-panel.tsx'
import { RowsSkeleton } from '../../parts/states/skeleton.tsx'
import { usePlace } from '../../shell/organization.ts'
import { t } from '../../texts/texts.ts'
import { DecisionSection } from './decision-section.tsx'
import { outcomeWords } from './outcome-cell.tsx'
import { ALLOWED } from './outcome.ts'
import { requestIdOf, requestQuery } from './queries.ts'
import { RemedySection } from './remedy-section.tsx'
import { RequestFacts } from './request-facts.tsx'
import classes from './request-panel.module.css'

interface RequestPanelProps {
  readonly handle: string
  /** The request, if a list has it. */
  readonly listed: DecidedRequest | undefined
  readonly onClose: () => void
}

const ROWS = 8

/** Why a request ended as it did, and what to do about it. */
export function RequestPanel({ handle, listed, onClose }: RequestPanelProps) {
  const { organization } = usePlace()
  const query = useQuery({
    ...requestQuery(organization, handle),
    ...(listed !== undefined && { initialData: listed }),
  })
  const { panel } = t.requests
  const request = query.data
  return (
    <SidePanel
      title={request == null ? panel.label : <span className={classes.title}>{outcomeWords(request)}</span>}
      about={
        <>
          <CopyableId value={requestIdOf(handle)} />
          {request != null && <time dateTime={request.at}>{preciseInstant(Date.parse(request.at))}</time>}
        </>
      }
      onClose={onClose}
    >
      <Loaded query={query} skeleton={<RowsSkeleton rows={ROWS} />}>
        {(found) =>
          found === null ? (
            <Empty title={panel.gone}>
              <p>{panel.goneText}</p>
            </Empty>
          ) : (
            <>
              {found.code !== ALLOWED && <RemedySection request={found} />}
              <PanelSection label={panel.decision}>
                <DecisionSection request={found} />
              </PanelSection>
              <PanelSection label={panel.facts}>
                <RequestFacts request={found} />
              </PanelSection>
            </>
          )
        }
      </Loaded>
    </SidePanel>
  )
}
