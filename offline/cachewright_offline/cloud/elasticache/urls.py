"""Where moto finds this service: it looks for this module beside `models`."""

from cachewright_offline.cloud.elasticache.responses import ElastiCacheResponse

url_bases = [r"https?://elasticache\.(.+)\.amazonaws\.com"]

url_paths = {"{0}/$": ElastiCacheResponse.dispatch}
