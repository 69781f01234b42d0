"""Addresses of marketing."""

from django.urls import path

from clearpath.marketing.pages import advertisers, answering, briefs, conversions, files, landing, links, results

app_name = "marketing"
urlpatterns = [
    path("campaign/<uuid:campaign_id>/brief", briefs.brief, name="brief"),
    path("campaign/<uuid:campaign_id>/leads/file", files.send_leads, name="send_leads"),
    path("campaign/<uuid:campaign_id>/touches/file", files.send_touches, name="send_touches"),
    path("lead-file/<uuid:lead_file_id>/", files.lead_file, name="lead_file"),
    path("lead-file/<uuid:lead_file_id>/take-in", files.take_in_leads, name="take_in_leads"),
    path("lead-file/<uuid:lead_file_id>/discard", files.discard_leads, name="discard_leads"),
    path("campaign/<uuid:campaign_id>/links/new", links.make_link, name="make_link"),
    path("campaign-link/<uuid:link_id>/qr.svg", links.link_qr, name="link_qr"),
    path("campaign-link/<uuid:link_id>/end", links.end_link, name="end_link"),
    path("campaign/<uuid:campaign_id>/funnel", results.funnel, name="funnel"),
    path("campaign/<uuid:campaign_id>/attribution", results.attribution, name="attribution"),
    path("campaign/<uuid:campaign_id>/conversions", conversions.told, name="conversions"),
    path("campaign/<uuid:campaign_id>/conversions/<slug:form>", conversions.file, name="conversion_file"),
    path("webhook", conversions.webhook, name="webhook"),
    path("earnings", results.earnings, name="earnings"),
    path("earnings.csv", results.earnings_file, name="earnings_file"),
    path("agencies/drift", results.drift, name="drift"),
    path("answering", answering.answering, name="answering"),
    path("creative/<uuid:creative_id>/picture/<slug:key>", advertisers.creative_picture, name="creative_picture"),
    path("advertisers", advertisers.advertisers, name="advertisers"),
    path("go/<slug:code>", landing.page, name="landing"),
    path("go/<slug:code>/picture/<slug:key>", landing.picture, name="landing_picture"),
]
