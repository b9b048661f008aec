import { Button } from '@mantine/core'
import type { Portal } from '@sallyport/sdk'
import { useSearch } from '@tanstack/react-router'
import { Icon } from '../../parts/icon.tsx'
import { InForce } from '../../parts/in-force.tsx'
import { PageHead } from '../../parts/page-head.tsx'
import { SectionPage } from '../../parts/section.tsx'
import { Split } from '../../parts/split.tsx'
import text from '../../parts/text.module.css'
import { When } from '../../parts/when.tsx'
import { t } from '../../texts/texts.ts'
import { useSearchChange } from '../../url/search-change.ts'
import { HowToCall } from './call/how-to-call.tsx'
import { Frame } from './frame.tsx'
import { CreateKey } from './keys/create-key.tsx'
import { KeyPanel } from './keys/key-panel.tsx'
import { KeysSection } from './keys/keys-section.tsx'
import type { Made } from './keys/made-token.tsx'
import classes from './open-portal.module.css'
import { PortalPlan } from './plan/portal-plan.tsx'
import type { PortalSearch } from './search.ts'
import { PortalUsage } from './usage/portal-usage.tsx'

type Scope = Portal['scopes'][number]

const SCOPES = Object.keys(t.portal.scopes) as Scope[]

function wordOf(scope: Scope): string {
  return t.portal.scopes[scope]
}

interface OpenPortalProps {
  readonly portal: Portal
  readonly onMade: (made: Made) => void
}

/** An open session: the keys of the consumer, how they are used, and what they call. */
export function OpenPortal({ portal, onMade }: OpenPortalProps) {
  const search = useSearch({ from: '/portal' })
  const set = useSearchChange<PortalSearch>()
  const { consumer, scopes, expiresAt } = portal
  const may = (scope: Scope): boolean => scopes.includes(scope)
  const missing = SCOPES.filter((scope) => !may(scope))
  const close = (): void => set({ key: undefined })
  return (
    <Frame portal={portal}>
      <Split
        panel={
          search.key !== undefined &&
          may('keys.read') && (
            <KeyPanel key={search.key} id={search.key} scopes={scopes} onMade={onMade} onClose={close} />
          )
        }
      >
        <SectionPage>
          <PageHead title={t.portal.title(consumer.name)}>
            {may('keys.create') && (
              <Button
                variant="filled"
                leftSection={<Icon small name="plus" />}
                onClick={() => set({ dialog: 'create' })}
              >
                {t.portal.keys.create}
              </Button>
            )}
          </PageHead>
          <InForce>
            <span>
              <strong>{t.portal.force.until}</strong> <When at={expiresAt} as="instant" /> (
              <When at={expiresAt} />)
            </span>
            <span>{t.portal.force.may(SCOPES.filter(may).map(wordOf))}</span>
          </InForce>
          {missing.length > 0 && (
            <p className={`${text.meta} ${classes.missing}`}>{t.portal.missing(missing.map(wordOf))}</p>
          )}
          <KeysSection
            openId={search.key}
            canRead={may('keys.read')}
            canCreate={may('keys.create')}
            onOpen={(key) => set({ key })}
          />
          {portal.plan !== null && <PortalPlan plan={portal.plan} />}
          <HowToCall search={search} />
          {may('usage.read') && <PortalUsage search={search} />}
        </SectionPage>
      </Split>
      {search.dialog === 'create' && may('keys.create') && (
        <CreateKey onMade={onMade} onClose={() => set({ dialog: undefined })} />
      )}
    </Frame>
  )
}
