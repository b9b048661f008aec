import type { Portal } from '@sallyport/sdk'
import { Section } from '../../../parts/section.tsx'
import text from '../../../parts/text.module.css'
import { t } from '../../../texts/texts.ts'

interface PortalPlanProps {
  readonly plan: NonNullable<Portal['plan']>
}

/** How much the consumer may call, by its plan. */
export function PortalPlan({ plan: { name, title, rateLimits } }: PortalPlanProps) {
  const words = t.portal.plan
  return (
    <Section title={words.title(title ?? name)}>
      {rateLimits.length === 0 ? (
        <p>{words.none}</p>
      ) : (
        <>
          <ul>
            {rateLimits.map(({ requests, per, scope }) => (
              <li key={`${per} ${scope}`}>{words.limit(requests, per, scope)}</li>
            ))}
          </ul>
          <p className={text.meta}>{words.text}</p>
        </>
      )}
    </Section>
  )
}
