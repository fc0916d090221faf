"""Who may do what, as the design says it: the tests hold the running system against this and against nothing else.

``yes``: with everything that the caller sees. ``leads``: with lines that its unit leads. ``own``: with those of the
province that it leads, ``zones``: with those of zones that it takes part in. ``lead``: with orders that its unit leads.
``raiser``, ``asked``: with problems that its office raised, or is asked about. ``invited``: with cases that it is asked
to score. ``writer``: with the caller's own words. ``origin``: with its own zone's cases. ``adopter``: with its own
zone's replications. ``adder``: with what its own office attached. ``nobody``: with none of the things here. The
departments of ``CALLERS`` are no administrators of theirs. ``-``: with nothing, 403. What the caller does not see does
not exist for it. What is below ``/public`` is for everybody, with a token or without.
"""

COLUMNS = ("province", "city", "department", "integrator", "auditor", "operator", "security")
TABLE = """
catalog  GET   /plans                                           yes  yes  yes       yes  yes  -    -
catalog  GET   /plans/{code}                                    yes  yes  yes       yes  yes  -    -
catalog  GET   /tasks                                           yes  yes  yes       yes  yes  -    -
catalog  GET   /tasks/{code}                                    yes  yes  yes       yes  yes  -    -
catalog  GET   /units                                           yes  yes  yes       yes  yes  -    -
catalog  POST  /units                                           yes  -    -         -    -    -    -
catalog  GET   /units/{code}                                    yes  yes  yes       yes  yes  -    -
catalog  PATCH /units/{code}                                    yes  -    -         -    -    -    -
catalog  GET   /zones                                           yes  yes  yes       yes  yes  -    yes
catalog  POST  /zones                                           yes  -    -         -    -    -    -
catalog  GET   /zones/{code}                                    yes  yes  yes       yes  yes  -    -
catalog  PATCH /zones/{code}                                    yes  -    -         -    -    -    -
catalog  POST  /zones/{code}/closing                            yes  -    -         -    -    -    -
catalog  POST  /zones/{code}/reopening                          yes  -    -         -    -    -    -
catalog  GET   /zones/{code}/accounts                           yes  -    -         -    -    -    -
catalog  GET   /editions                                        yes  yes  yes       yes  yes  -    -
catalog  GET   /editions/{edition}                              yes  yes  yes       yes  yes  -    -
catalog  GET   /editions/{edition}/comparison                   yes  yes  yes       yes  yes  -    -
catalog  POST  /editions/{edition}/publication                  yes  -    -         -    -    -    -
catalog  POST  /editions/{edition}/return                       yes  -    -         -    -    -    -
catalog  POST  /imports                                         yes  yes  -         -    -    -    -
catalog  GET   /imports/{import_id}                             yes  yes  -         -    -    -    -
catalog  POST  /imports/{import_id}/confirmation                yes  yes  -         -    -    -    -
catalog  GET   /manuscripts                                     yes  yes  -         -    -    -    -
catalog  POST  /manuscripts                                     yes  -    -         -    -    -    -
catalog  GET   /manuscripts/{plan}                              yes  yes  -         -    -    -    -
catalog  PUT   /manuscripts/{plan}                              yes  yes  -         -    -    -    -
catalog  POST  /manuscripts/{plan}/discarding                   yes  yes  -         -    -    -    -
catalog  GET   /manuscripts/{plan}/comparison                   yes  yes  -         -    -    -    -
catalog  POST  /manuscripts/{plan}/submission                   yes  yes  -         -    -    -    -
catalog  GET   /manuscripts/{plan}/template                     yes  yes  -         -    -    -    -
catalog  POST  /manuscripts/{plan}/sheets                       yes  yes  -         -    -    -    -
catalog  GET   /manuscripts/{plan}/sheets/{sheet_id}            yes  yes  -         -    -    -    -
catalog  POST  /manuscripts/{plan}/sheets/{sheet_id}/confirmation yes yes -         -    -    -    -
catalog  GET   /people                                          yes  yes  -         -    -    -    yes
catalog  POST  /people                                          yes  yes  -         -    -    -    yes
catalog  GET   /people/{person_id}                              yes  yes  -         -    -    -    yes
catalog  PUT   /people/{person_id}/roles                        yes  yes  -         -    -    -    yes
catalog  POST  /people/{person_id}/block                        yes  yes  -         -    -    -    yes
catalog  POST  /people/{person_id}/unblock                      yes  yes  -         -    -    -    yes
catalog  POST  /people/{person_id}/reset                        yes  yes  -         -    -    -    yes
catalog  POST  /people/{person_id}/logout                       yes  yes  -         -    -    -    yes
catalog  GET   /people-template                                 yes  yes  -         -    -    -    yes
catalog  POST  /people-sheets                                   yes  yes  -         -    -    -    yes
catalog  GET   /deputyships                                     yes  yes  yes       -    -    -    -
catalog  POST  /deputyships                                     yes  yes  yes       -    -    -    -
catalog  POST  /deputyships/{deputyship_id}/withdrawal          yes  yes  yes       -    -    -    -
catalog  GET   /second-factors                                  -    -    -         -    -    -    yes
catalog  PUT   /second-factors                                  -    -    -         -    -    -    yes
catalog  GET   /audit                                           yes  -    -         -    yes  -    -
progress GET   /lines                                           yes  yes  yes       -    yes  -    -
progress GET   /desk                                            yes  yes  yes       -    yes  -    -
progress GET   /lines/{line_id}                                 yes  yes  yes       -    yes  -    -
progress GET   /lines/{line_id}/person                          -    yes  yes       -    -    -    -
progress PUT   /lines/{line_id}/person                          -    yes  -         -    -    -    -
progress GET   /persons                                         -    yes  yes       -    -    -    -
progress GET   /belongings                                      -    yes  yes       -    -    -    -
progress GET   /handovers                                       yes  yes  yes       -    yes  -    -
progress POST  /handovers                                       -    yes  -         -    -    -    -
progress GET   /handovers/{handover_id}                         yes  yes  yes       -    yes  -    -
progress GET   /lines/{line_id}/comments                        yes  yes  yes       -    yes  -    -
progress POST  /lines/{line_id}/comments                        yes  yes  yes       -    -    -    -
progress POST  /lines/{line_id}/comments/{comment_id}/withdrawal writer writer writer - -    -    -
progress GET   /lines/{line_id}/readers                         yes  yes  yes       -    yes  -    -
progress GET   /lines/{line_id}/history                         yes  yes  yes       -    yes  -    -
progress GET   /lines/{line_id}/reports                         yes  yes  yes       -    yes  -    -
progress POST  /lines/{line_id}/reports                         -    yes  own       -    -    -    -
progress POST  /lines/{line_id}/reports/{report_id}/confirmation yes -    -         -    -    -    -
progress POST  /lines/{line_id}/reports/{report_id}/return      yes  -    -         -    -    -    -
progress POST  /lines/{line_id}/reports/{report_id}/review      -    -    leads     -    -    -    -
progress POST  /lines/{line_id}/suspension                      yes  -    -         -    -    -    -
progress POST  /lines/{line_id}/resumption                      yes  -    -         -    -    -    -
progress GET   /lines/{line_id}/schedule                        yes  yes  yes       -    yes  -    -
progress PUT   /lines/{line_id}/schedule                        yes  yes  own       -    -    -    -
progress POST  /lines/{line_id}/schedule/proposal               yes  yes  own       -    -    -    -
progress POST  /lines/{line_id}/milestones/{milestone_id}/completion -  yes own     -    -    -    -
progress POST  /lines/{line_id}/extensions                      -    yes  own       -    -    -    -
progress POST  /lines/{line_id}/extensions/{extension_id}/approval yes - -          -    -    -    -
progress POST  /lines/{line_id}/extensions/{extension_id}/refusal yes -  -          -    -    -    -
progress GET   /deadlines                                       yes  yes  yes       -    yes  -    -
progress GET   /calendar-feed                                   yes  yes  yes       -    -    -    -
progress POST  /calendar-feed                                   yes  yes  yes       -    -    -    -
progress POST  /calendar-feed/revocation                        yes  yes  yes       -    -    -    -
progress GET   /public/calendar                                 yes  yes  yes       yes  yes  yes  yes
progress GET   /periods                                         yes  yes  yes       -    yes  -    -
progress POST  /periods                                         yes  -    -         -    -    -    -
progress POST  /period-preview                                  yes  -    -         -    -    -    -
progress GET   /periods/{period_id}                             yes  yes  yes       -    yes  -    -
progress GET   /periods/{period_id}/results                     yes  yes  yes       -    yes  -    -
progress GET   /periods/{period_id}/sheet                       yes  yes  yes       -    -    -    -
progress POST  /periods/{period_id}/sheets                      nobody yes yes      -    -    -    -
progress GET   /periods/{period_id}/sheets/{sheet_id}           yes  yes  yes       -    -    -    -
progress POST  /periods/{period_id}/sheets/{sheet_id}/confirmation yes yes yes      -    -    -    -
progress GET   /filings                                         yes  yes  yes       -    yes  -    -
progress POST  /filing-steps                                    yes  yes  yes       -    -    -    -
progress GET   /filings/{filing_id}                             yes  yes  yes       -    yes  -    -
progress GET   /filings/{filing_id}/uses                        yes  yes  yes       -    yes  -    -
progress PUT   /filings/{filing_id}/draft                       -    yes  own       -    -    -    -
progress PUT   /filings/{filing_id}/part                        -    -    zones     -    -    -    -
progress POST  /filings/{filing_id}/queries/{query_id}/answer   -    yes  own       -    -    -    -
progress POST  /filings/{filing_id}/submission                  -    yes  own       -    -    -    -
progress POST  /filings/{filing_id}/withdrawal                  -    yes  own       -    -    -    -
progress POST  /filings/{filing_id}/check                       -    yes  -         -    -    -    -
progress POST  /filings/{filing_id}/sending-back                -    yes  -         -    -    -    -
progress POST  /filings/{filing_id}/check-undoing               -    yes  -         -    -    -    -
progress POST  /filings/{filing_id}/acceptance                  yes  -    -         -    -    -    -
progress POST  /filings/{filing_id}/acceptance-undoing          yes  -    -         -    -    -    -
progress POST  /filings/{filing_id}/approval                    yes  -    -         -    -    -    -
progress POST  /filings/{filing_id}/return                      yes  -    -         -    -    -    -
progress POST  /filings/{filing_id}/reopening                   yes  -    -         -    -    -    -
progress POST  /lines/{line_id}/schedule/preview                yes  yes  own       -    -    -    -
progress POST  /lines/{line_id}/deadline                        yes  -    -         -    -    -    -
progress GET   /timeline                                        yes  yes  yes       -    yes  -    -
progress GET   /landing                                         yes  yes  yes       -    yes  -    -
progress GET   /search                                          yes  yes  yes       -    yes  -    -
progress PUT   /landing/goal                                    yes  -    -         -    -    -    -
progress GET   /thresholds                                      yes  yes  yes       -    yes  -    -
progress PUT   /thresholds                                      yes  -    -         -    -    -    -
progress GET   /templates                                       yes  yes  yes       -    yes  -    -
progress GET   /templates/{code}                                yes  yes  yes       -    yes  -    -
progress PUT   /templates/{code}                                yes  -    -         -    -    -    -
progress GET   /calendar/{year}                                 yes  yes  yes       -    yes  -    -
progress PUT   /calendar/{year}                                 yes  -    -         -    -    -    -
progress GET   /assessments                                     yes  yes  yes       -    yes  -    -
progress POST  /assessments                                     yes  -    -         -    -    -    -
progress GET   /assessments/{assessment_id}                     yes  yes  yes       -    yes  -    -
progress PUT   /assessments/{assessment_id}                     yes  -    -         -    -    -    -
progress POST  /assessments/{assessment_id}/announcement        yes  -    -         -    -    -    -
progress POST  /assessments/{assessment_id}/publication         yes  -    -         -    -    -    -
progress POST  /assessments/{assessment_id}/closing             yes  -    -         -    -    -    -
progress GET   /assessments/{assessment_id}/results             yes  yes  yes       -    yes  -    -
progress GET   /assessments/{assessment_id}/results/{office}    yes  yes  yes       -    yes  -    -
progress PUT   /assessments/{assessment_id}/scores/{office}/{item} yes - -          -    -    -    -
progress POST  /assessments/{assessment_id}/results/{office}/exemptions yes - -       -    -    -    -
progress POST  /assessments/{assessment_id}/exemptions/{exemption_id}/lifting yes - - -    -    -    -
progress POST  /assessments/{assessment_id}/objections          -    yes  yes       -    -    -    -
progress POST  /assessments/{assessment_id}/objections/{objection_id}/answer yes - - -   -    -    -
progress GET   /attachments                                     yes  yes  yes       -    yes  -    -
progress POST  /attachments                                     yes  yes  yes       -    -    -    -
progress GET   /attachments/{attachment_id}                     yes  yes  yes       -    yes  -    -
progress GET   /attachments/{attachment_id}/content             yes  yes  yes       -    yes  -    -
progress POST  /attachments/{attachment_id}/removal             adder adder adder   -    -    -    -
progress GET   /orders                                          yes  yes  yes       -    yes  -    -
progress POST  /orders                                          yes  -    -         -    -    -    -
progress GET   /orders/{order_id}                               yes  yes  yes       -    yes  -    -
progress GET   /orders/{order_id}/entries                       yes  yes  yes       -    yes  -    -
progress POST  /orders/{order_id}/issuance                      yes  -    -         -    -    -    -
progress POST  /orders/{order_id}/receipt                       -    yes  lead      -    -    -    -
progress POST  /orders/{order_id}/replies                       -    yes  yes       -    -    -    -
progress POST  /orders/{order_id}/urgings                       yes  -    -         -    -    -    -
progress POST  /orders/{order_id}/extension                     -    yes  lead      -    -    -    -
progress POST  /orders/{order_id}/extension/approval            yes  -    -         -    -    -    -
progress POST  /orders/{order_id}/extension/refusal             yes  -    -         -    -    -    -
progress POST  /orders/{order_id}/application                   -    yes  lead      -    -    -    -
progress POST  /orders/{order_id}/return                        yes  -    -         -    -    -    -
progress POST  /orders/{order_id}/conclusion                    yes  -    -         -    -    -    -
progress POST  /orders/{order_id}/verification                  yes  -    -         -    -    -    -
progress POST  /orders/{order_id}/closure                       yes  -    -         -    -    -    -
progress POST  /orders/{order_id}/revocation                    yes  -    -         -    -    -    -
progress GET   /problems                                        yes  yes  yes       -    yes  -    -
progress POST  /problems                                        -    yes  yes       -    -    -    -
progress GET   /problems/{problem_id}                           yes  yes  yes       -    yes  -    -
progress GET   /problems/{problem_id}/entries                   yes  yes  yes       -    yes  -    -
progress POST  /problems/{problem_id}/answers                   nobody asked asked  -    -    -    -
progress POST  /problems/{problem_id}/follow-ups                -    raiser raiser  -    -    -    -
progress POST  /problems/{problem_id}/escalation                yes  -    -         -    -    -    -
progress POST  /problems/{problem_id}/settlement                yes  raiser raiser  -    -    -    -
progress POST  /problems/{problem_id}/withdrawal                -    raiser raiser  -    -    -    -
progress GET   /cases                                           yes  yes  yes       -    yes  -    -
progress POST  /cases                                           -    yes  -         -    -    -    -
progress GET   /cases/{case_id}                                 yes  yes  yes       -    yes  -    -
progress PUT   /cases/{case_id}                                 -    origin -       -    -    -    -
progress POST  /cases/{case_id}/submission                      -    origin -       -    -    -    -
progress GET   /cases/{case_id}/rounds                          yes  yes  yes       -    yes  -    -
progress POST  /cases/{case_id}/rounds                          yes  -    -         -    -    -    -
progress POST  /cases/{case_id}/scores                          yes  -    invited   -    -    -    -
progress POST  /cases/{case_id}/conclusion                      yes  -    -         -    -    -    -
progress POST  /cases/{case_id}/approval                        yes  -    -         -    -    -    -
progress POST  /cases/{case_id}/return                          yes  -    -         -    -    -    -
progress POST  /cases/{case_id}/rejection                       yes  -    -         -    -    -    -
progress POST  /cases/{case_id}/publication                     yes  -    -         -    -    -    -
progress POST  /cases/{case_id}/withdrawal                      -    origin -       -    -    -    -
progress POST  /cases/{case_id}/retraction                      yes  -    -         -    -    -    -
progress GET   /case-scheme                                     yes  yes  yes       -    yes  -    -
progress PUT   /case-scheme                                     yes  -    -         -    -    -    -
progress GET   /replications                                    yes  yes  yes       -    yes  -    -
progress GET   /cases/{case_id}/replications/{zone}             yes  yes  yes       -    yes  -    -
progress POST  /cases/{case_id}/replications/{zone}/adoption    -    adopter -      -    -    -    -
progress POST  /cases/{case_id}/replications/{zone}/start       -    adopter -      -    -    -    -
progress POST  /cases/{case_id}/replications/{zone}/result      -    adopter -      -    -    -    -
progress POST  /cases/{case_id}/replications/{zone}/refusal     -    adopter -      -    -    -    -
progress GET   /public/cases                                    yes  yes  yes       yes  yes  yes  yes
progress GET   /public/cases/{published_id}                     yes  yes  yes       yes  yes  yes  yes
progress GET   /public/cases/{published_id}/attachments/{file_id}/content yes yes yes yes yes yes yes
progress GET   /jurisdictions                                   yes  yes  yes       -    yes  -    -
progress GET   /overview                                        yes  yes  yes       -    yes  -    -
progress GET   /overview/offices                                yes  yes  yes       -    yes  -    -
progress GET   /meetings                                        yes  -    -         -    yes  -    -
progress POST  /meetings                                        yes  -    -         -    -    -    -
progress GET   /meetings/{meeting_id}                           yes  -    -         -    yes  -    -
progress PUT   /meetings/{meeting_id}                           yes  -    -         -    -    -    -
progress POST  /meetings/{meeting_id}/conclusion                yes  -    -         -    -    -    -
progress POST  /meetings/{meeting_id}/decisions                 yes  -    -         -    -    -    -
progress GET   /decisions                                       yes  yes  yes       -    yes  -    -
progress GET   /decisions/{decision_id}                         yes  yes  yes       -    yes  -    -
progress POST  /decisions/{decision_id}/note                    yes  -    -         -    -    -    -
progress POST  /decisions/{decision_id}/order                   yes  -    -         -    -    -    -
progress POST  /decisions/{decision_id}/proposal                yes  -    -         -    -    -    -
progress POST  /decisions/{decision_id}/completion              yes  -    -         -    -    -    -
progress GET   /bulletins                                       yes  yes  yes       -    yes  -    -
progress POST  /bulletins                                       yes  -    -         -    -    -    -
progress GET   /bulletins/{bulletin_id}                         yes  yes  yes       -    yes  -    -
progress PUT   /bulletins/{bulletin_id}                         yes  -    -         -    -    -    -
progress POST  /bulletins/{bulletin_id}/publication             yes  -    -         -    -    -    -
progress POST  /bulletins/{bulletin_id}/cancellation            yes  -    -         -    -    -    -
progress GET   /bulletins/{bulletin_id}/facts                   yes  yes  yes       -    yes  -    -
progress GET   /bulletins/{bulletin_id}/document                yes  yes  yes       -    yes  -    -
progress GET   /indicators                                      yes  yes  yes       -    yes  -    -
progress POST  /indicators                                      yes  -    -         -    -    -    -
progress GET   /indicators/{indicator}                          yes  yes  yes       -    yes  -    -
progress PUT   /indicators/{indicator}                          yes  -    -         -    -    -    -
progress PUT   /indicators/{indicator}/targets                  yes  -    -         -    -    -    -
progress POST  /indicators/{indicator}/confirmation             yes  -    -         -    -    -    -
progress POST  /indicators/{indicator}/withdrawal               yes  -    -         -    -    -    -
progress GET   /indicators/{indicator}/versions                 yes  -    -         -    yes  -    -
progress GET   /indicators/{indicator}/series                   yes  yes  yes       -    yes  -    -
progress GET   /indicators/{indicator}/values                   yes  yes  yes       -    yes  -    -
progress POST  /indicators/{indicator}/values                   yes  yes  yes       -    -    -    -
progress GET   /missing-values                                  yes  yes  yes       -    yes  -    -
progress GET   /indicator-values/{value_id}                     yes  yes  yes       -    yes  -    -
progress POST  /indicator-values/{value_id}/revisions           own  yes  yes       -    -    -    -
progress GET   /changes                                         yes  yes  yes       -    yes  -    -
progress GET   /changes/summary                                 yes  yes  yes       -    yes  -    -
progress GET   /trends                                          yes  yes  yes       -    yes  -    -
progress GET   /audit                                           yes  -    -         -    yes  -    -
progress GET   /dead-letters                                    -    -    -         -    -    yes  -
progress GET   /dead-letters/{letter_id}                        -    -    -         -    -    yes  -
progress POST  /dead-letters/{letter_id}/retry                  -    -    -         -    -    yes  -
progress POST  /dead-letters/{letter_id}/discarding             -    -    -         -    -    yes  -
progress POST  /dead-letter-retries                             -    -    -         -    -    yes  -
notify   GET   /inbox                                           yes  yes  yes       -    -    -    -
notify   GET   /inbox/summary                                   yes  yes  yes       -    -    -    -
notify   POST  /inbox/reading                                   yes  yes  yes       -    -    -    -
notify   POST  /inbox/{entry_id}/reading                        yes  yes  yes       -    -    -    -
notify   GET   /preferences                                     yes  yes  yes       -    -    -    -
notify   PUT   /preferences                                     yes  yes  yes       -    -    -    -
notify   GET   /stream                                          yes  yes  yes       -    -    -    -
notify   GET   /announcements                                   yes  yes  yes       -    yes  -    -
notify   POST  /announcements                                   yes  -    -         -    -    -    -
notify   GET   /announcements/{announcement_id}                 yes  yes  yes       -    yes  -    -
notify   PUT   /announcements/{announcement_id}                 yes  -    -         -    -    -    -
notify   POST  /announcements/{announcement_id}/publication     yes  -    -         -    -    -    -
notify   POST  /announcements/{announcement_id}/cancellation    yes  -    -         -    -    -    -
notify   POST  /announcements/{announcement_id}/withdrawal      yes  -    -         -    -    -    -
notify   POST  /announcements/{announcement_id}/reminder        yes  -    -         -    -    -    -
notify   POST  /announcements/{announcement_id}/reading         -    yes  yes       -    -    -    -
notify   POST  /announcements/{announcement_id}/confirmation    -    yes  yes       -    -    -    -
notify   GET   /announcements/{announcement_id}/offices         yes  -    -         -    yes  -    -
notify   GET   /deliveries                                      yes  -    -         -    -    yes  -
notify   GET   /deliveries/{delivery_id}                        yes  -    -         -    -    yes  -
notify   POST  /deliveries/{delivery_id}/retry                  yes  -    -         -    -    yes  -
notify   GET   /robots                                          yes  yes  -         -    -    -    -
notify   POST  /robots                                          yes  yes  -         -    -    -    -
notify   GET   /robots/{robot_id}                               yes  yes  -         -    -    -    -
notify   PUT   /robots/{robot_id}                               yes  yes  -         -    -    -    -
notify   POST  /robots/{robot_id}/pause                         yes  yes  -         -    -    -    -
notify   POST  /robots/{robot_id}/resumption                    yes  yes  -         -    -    -    -
notify   POST  /robots/{robot_id}/removal                       yes  yes  -         -    -    -    -
notify   POST  /robots/{robot_id}/test                          yes  yes  -         -    -    -    -
notify   GET   /events                                          -    -    -         yes  -    -    -
notify   GET   /audit                                           yes  -    -         -    yes  -    -
notify   GET   /dead-letters                                    -    -    -         -    -    yes  -
notify   GET   /dead-letters/{letter_id}                        -    -    -         -    -    yes  -
notify   POST  /dead-letters/{letter_id}/retry                  -    -    -         -    -    yes  -
notify   POST  /dead-letters/{letter_id}/discarding             -    -    -         -    -    yes  -
notify   POST  /dead-letter-retries                             -    -    -         -    -    yes  -
notify   GET   /integrators                                     -    -    -         -    -    -    yes
notify   POST  /integrators                                     -    -    -         -    -    -    yes
notify   GET   /integrators/{client}                            -    -    -         -    -    -    yes
notify   PATCH /integrators/{client}                            -    -    -         -    -    -    yes
notify   POST  /integrators/{client}/secret                     -    -    -         -    -    -    yes
notify   POST  /integrators/{client}/suspension                 -    -    -         -    -    -    yes
notify   POST  /integrators/{client}/resumption                 -    -    -         -    -    -    yes
notify   POST  /integrators/{client}/removal                    -    -    -         -    -    -    yes
notify   GET   /webhooks                                        -    -    -         yes  -    yes  yes
notify   POST  /webhooks                                        -    -    -         yes  -    -    -
notify   GET   /webhooks/{webhook_id}                           -    -    -         yes  -    yes  yes
notify   PUT   /webhooks/{webhook_id}                           -    -    -         yes  -    -    -
notify   POST  /webhooks/{webhook_id}/rotation                  -    -    -         yes  -    -    -
notify   POST  /webhooks/{webhook_id}/pause                     -    -    -         yes  -    -    yes
notify   POST  /webhooks/{webhook_id}/resumption                -    -    -         yes  -    -    yes
notify   POST  /webhooks/{webhook_id}/removal                   -    -    -         yes  -    -    -
notify   POST  /webhooks/{webhook_id}/test                      -    -    -         yes  -    -    -
notify   POST  /webhooks/{webhook_id}/replay                    -    -    -         yes  -    yes  -
notify   GET   /webhooks/{webhook_id}/deliveries                -    -    -         yes  -    yes  yes
notify   GET   /webhooks/{webhook_id}/deliveries/{delivery_id}  -    -    -         yes  -    yes  yes
notify   POST  /webhooks/{webhook_id}/deliveries/{delivery_id}/replay - - -         yes  -    yes  -
"""

CALLERS = {
    "province.admin": "province",
    "hefei.admin": "city",
    "wuhu.admin": "city",
    "bengbu.admin": "city",
    "dept.swt": "department",
    "dept.hfhg": "department",
    "integrator-hefei": "integrator",
    "auditor.demo": "auditor",
    "operator.demo": "operator",
    "security.demo": "security",
}

KINDS = {
    "{announcement_id}": "announcement",
    "{objection_id}": "objection",
    "{exemption_id}": "exemption",
    "{office}": "result",
    "{assessment_id}": "assessment",
    "{comment_id}": "comment",
    "{line_id}": "line",
    "{entry_id}": "entry",
    "{import_id}": "import",
    "{edition}": "edition",
    "{code}": "code",
    "{year}": "year",
    "{plan}": "manuscript",
    "{sheet_id}": "sheet",
    "{period_id}": "period",
    "{filing_id}": "filing",
    "{order_id}": "order",
    "{attachment_id}": "attachment",
    "{problem_id}": "problem",
    "{zone}": "replication",
    "{indicator}": "indicator",
    "{value_id}": "value",
    "{bulletin_id}": "bulletin",
    "{handover_id}": "handover",
    "{meeting_id}": "meeting",
    "{decision_id}": "decision",
    "{case_id}": "case",
    "{published_id}": "published case",
    "{client}": "integrator",
    "{webhook_id}": "webhook",
    "{letter_id}": "letter",
    "{delivery_id}": "delivery",
    "{robot_id}": "robot",
    "{person_id}": "person",
    "{deputyship_id}": "deputyship",
}
"""By the parameter that names a thing in a path, the first that is in it."""
