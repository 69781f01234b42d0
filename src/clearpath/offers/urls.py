"""Addresses of offers."""

from django.urls import path

from clearpath.offers.pages import choosing, comparison, desk, directory, finding, laying

app_name = "offers"
urlpatterns = [
    path("providers/<uuid:provider_id>", directory.provider, name="provider"),
    path("what-we-do", directory.what_we_do, name="what_we_do"),
    path("what-we-do/capacity", directory.capacity, name="capacity"),
    path("what-we-do/file", directory.export, name="export"),
    path("what-we-do/files", laying.lay_file, name="lay_file"),
    path("what-we-do/files/<uuid:file_id>", laying.directory_file, name="directory_file"),
    path("what-we-do/files/<uuid:file_id>/repair", laying.repair_file, name="repair_file"),
    path("what-we-do/files/<uuid:file_id>/take", laying.take_file, name="take_file"),
    path("what-we-do/files/<uuid:file_id>/drop", laying.drop_file, name="drop_file"),
    path("journey/<uuid:journey_id>/offers/compare", comparison.compare, name="compare"),
    path("journey/<uuid:journey_id>/offers/compare.pdf", comparison.paper, name="compare_paper"),
    path("requests", desk.desk, name="desk"),
    path("find", finding.find, name="find"),
    path("find/order", finding.ranking, name="ranking"),
    path("journey/<uuid:journey_id>/contract", choosing.contract, name="contract"),
    path("offers/not-chosen", choosing.not_chosen, name="not_chosen"),
]
