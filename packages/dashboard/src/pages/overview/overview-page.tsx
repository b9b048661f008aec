import { useNavigate, useSearch } from '@tanstack/react-router'
import { Note } from '../../parts/states/note.tsx'
import { PageHead } from '../../parts/page-head.tsx'
import { SectionPage, SectionPair } from '../../parts/section.tsx'
import { Segments } from '../../parts/segments.tsx'
import { Split } from '../../parts/split.tsx'
import { usePlace } from '../../shell/organization.ts'
import { t } from '../../texts/texts.ts'
import { AttentionSection } from './attention-section.tsx'
import { ChangesSection } from './changes-section.tsx'
import { ConformitySection } from './conformity-section.tsx'
import { StepList } from './first-steps/step-list.tsx'
import { useFirstSteps } from './first-steps/use-first-steps.ts'
import { GatewaysSection } from './gateways-section.tsx'
import { OverviewForce } from './overview-force.tsx'
import { ReasonsSection } from './reasons-section.tsx'
import { RequestsSection } from './requests-section.tsx'
import { OVERVIEW_PERIODS } from './search.ts'

const PERIOD = '7d'
const PERMISSIONS = ['usage.read', 'keys.read', 'policies.read', 'audit.read', 'gateways.read'] as const

/** How the organization is doing. What the person may not read is left out. */
export function OverviewPage() {
  const { may } = usePlace()
  const { period = PERIOD, reason } = useSearch({ from: '/signed-in/organizations/$organization/' })
  const navigate = useNavigate()
  const steps = useFirstSteps(period)
  return (
    <Split panel={false}>
      <SectionPage>
        <PageHead title={t.overview.title}>
          {may('usage.read') && (
            <Segments
              label={t.overview.period}
              choices={OVERVIEW_PERIODS.map((value) => ({ value, word: t.overview.periods[value] }))}
              value={period}
              onChoose={(next) =>
                void navigate({
                  to: '.',
                  search: (before) => ({ ...before, period: next === PERIOD ? undefined : next }),
                  replace: true,
                })
              }
            />
          )}
        </PageHead>
        <OverviewForce />
        {PERMISSIONS.every((permission) => !may(permission)) && (
          <Note tone="plain" title={t.failures.forbidden}>
            {t.overview.nothing}
          </Note>
        )}
        {steps != null && <StepList steps={steps} />}
        {may('usage.read') && (
          <SectionPair>
            <RequestsSection period={period} reason={reason} isGuided={steps !== null} />
            <ReasonsSection period={period} reason={reason} />
          </SectionPair>
        )}
        <SectionPair>
          {may('keys.read') && <AttentionSection />}
          {may('policies.read') && <ConformitySection />}
        </SectionPair>
        <SectionPair>
          {may('audit.read') && <ChangesSection />}
          {may('gateways.read') && <GatewaysSection />}
        </SectionPair>
      </SectionPage>
    </Split>
  )
}
