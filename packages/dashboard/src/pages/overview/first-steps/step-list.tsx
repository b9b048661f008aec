import { Button, VisuallyHidden } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { environmentsQuery } from '../../../data/environments.ts'
import { Icon } from '../../../parts/icon.tsx'
import { Section } from '../../../parts/section.tsx'
import text from '../../../parts/text.module.css'
import { usePlace } from '../../../shell/organization.ts'
import { t } from '../../../texts/texts.ts'
import { FirstCall } from './first-call.tsx'
import { STEPS } from './progress.ts'
import classes from './step-list.module.css'
import { stepViews, type StepView } from './step-views.ts'
import type { FirstSteps } from './use-first-steps.ts'

/** The steps to the first protected call, for an organization in which no call was allowed yet. */
export function StepList({ steps }: { readonly steps: FirstSteps }) {
  const { organization, environment, may } = usePlace()
  const { data: environments = [] } = useQuery(environmentsQuery(organization))
  const places = environments.map(({ name }) => name).filter((name) => may('pipelines.deploy', name))
  const deployTo = places.find((name) => name === environment) ?? places[0]
  const views = stepViews(steps, { organization, deployTo, may })
  const { route, caller } = steps
  const next = STEPS.indexOf(steps.next)
  return (
    <Section title={t.firstSteps.title} meta={t.firstSteps.progress(next, STEPS.length)}>
      <ol className={classes.steps}>
        {STEPS.map((step, index) => (
          <Item
            key={step}
            number={index + 1}
            isDone={index < next}
            isNext={index === next}
            view={views[step]}
          >
            {step === 'call' && steps.next === 'call' && route !== undefined && caller !== undefined && (
              <FirstCall organization={organization} route={route} caller={caller} refused={steps.refused} />
            )}
          </Item>
        ))}
      </ol>
    </Section>
  )
}

interface ItemProps {
  readonly number: number
  readonly isDone: boolean
  readonly isNext: boolean
  readonly view: StepView
  /** What stands below the words. */
  readonly children: ReactNode
}

function Item({ number, isDone, isNext, view: { title, text: words, action }, children }: ItemProps) {
  return (
    <li className={classes.step} data-next={isNext || undefined} aria-current={isNext ? 'step' : undefined}>
      <span className={classes.mark} data-done={isDone || undefined} aria-hidden="true">
        {isDone ? <Icon small name="check" /> : number}
      </span>
      <div className={classes.words}>
        <h3 className={isDone ? text.dim : undefined}>
          {title}
          {isDone && <VisuallyHidden>: {t.firstSteps.done}</VisuallyHidden>}
        </h3>
        <p className={text.meta}>{words}</p>
      </div>
      {action !== undefined && isDone && <Link {...action.to}>{action.word}</Link>}
      {action !== undefined && isNext && (
        <Button variant="filled" renderRoot={(props) => <Link {...props} {...action.to} />}>
          {action.word}
        </Button>
      )}
      {children}
    </li>
  )
}
